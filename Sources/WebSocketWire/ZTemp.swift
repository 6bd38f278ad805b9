public import HTTPWire
public import WireBasics
public struct HandshakeFault: Hashable, Sendable {
    public var code: String; public var header: ByteString; public var message: String; public var section: String
}
public enum OpeningHandshake {
    public static func faults(in request: RequestHead) -> [HandshakeFault] { [] }
    public static func faults(in response: ResponseHead, to: RequestHead) -> [HandshakeFault] { [] }
    public static func accept(forKey key: ByteString) -> ByteString { key }
}
