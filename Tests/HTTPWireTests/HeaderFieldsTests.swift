import Testing
import WireBasics

@testable import HTTPWire

@Suite("HeaderFields")
struct HeaderFieldsTests {
    @Test(
        "a token is found in any line, at any place of a list, in any case",
        arguments: [
            (["Upgrade"], true), (["keep-alive, Upgrade"], true), (["keep-alive", "UPGRADE"], true),
            (["upgrade,"], true),
            (["\"a, Upgrade\""], false), (["Upgrades"], false), (["keep-alive; Upgrade"], false), ([], false),
            ([""], false),
        ])
    func tokens(values: [String], isThere: Bool) {
        let headers = HeaderFields(values.map { HeaderField("cOnNeCtIoN", ByteString($0)) })
        #expect(headers.hasToken("Upgrade", in: "Connection") == isThere)
    }

    @Test("empty members of a list do not count")
    func members() {
        #expect(HeaderFields.listMembers(" a ,, b,\t") == ["a", "b"])
        #expect(HeaderFields.listMembers(" ") == [])
    }
}
