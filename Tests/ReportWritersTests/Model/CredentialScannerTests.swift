import HTTPWire
import Testing
import WireBasics

@testable import ReportWriters

@Suite struct CredentialScannerTests {
    private static func hidden(_ bytes: [UInt8], _ ranges: [Range<Int>]) -> [String] {
        ranges.map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    @Test(
        "credentials in header values",
        arguments: [
            ("Authorization", "Bearer abc.def", ["abc.def"]),
            ("authorization", "abcdef", ["abcdef"]),
            ("Proxy-Authorization", "Basic dXNlcjpwdw==", ["dXNlcjpwdw=="]),
            ("Authorization", "Unheard-of abc", ["Unheard-of abc"]),
            ("Cookie", "a=1; b=two", ["1", "two"]),
            ("Cookie", "c2VjcmV0==", ["c2VjcmV0=="]),
            ("Cookie", "noname", ["noname"]),
            ("Set-Cookie", "sid=abc; Path=/; HttpOnly", ["abc"]),
            ("X-Api-Key", "k", ["k"]),
            ("X-CSRF-Token", "t", ["t"]),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", []),
            ("Sec-WebSocket-Protocol", "graphql-transport-ws, wamp.2.msgpack.batched", []),
            ("Sec-WebSocket-Protocol", "chat, access_token, abc", ["abc"]),
            (
                "Sec-WebSocket-Protocol", "v1, eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2ln",
                [
                    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2ln"
                ]
            ),
            ("Sec-WebSocket-Protocol", "0123456789abcdef0123456789abcdef", ["0123456789abcdef0123456789abcdef"]),
            ("Referer", "https://a.test/?access_token=xyz&b=1", ["xyz"]),
            ("Host", "a.test", []),
            ("User-Agent", "Mozilla/5.0", []),
        ] as [(ByteString, ByteString, [String])])
    func headers(name: ByteString, value: ByteString, expected: [String]) {
        let ranges = CredentialScanner.ranges(inValueOf: HeaderField(name, value))
        #expect(Self.hidden(value.bytes, ranges) == expected)
    }

    @Test(
        "credentials in other text",
        arguments: [
            ("/ws?room=7&token=abc&x=1", ["abc"]),
            ("/ws?sig=a%2Fb", ["a%2Fb"]),
            ("/ws?monkey=1&turnkey=2", []),
            (#"{"password": "p\"w", "n": 1}"#, [#"p\"w"#]),
            (#"{"op":"auth","token":"cut off"#, ["cut off"]),
            ("ws://user:pw@a.test/", ["pw"]),
            ("http://a.test:80/@x", []),
            ("-H 'Authorization: Bearer x'", ["Bearer x"]),
            ("hello world", []),
            ("", []),
        ])
    func text(_ text: String, expected: [String]) {
        let bytes = Array(text.utf8)
        #expect(Self.hidden(bytes, CredentialScanner.ranges(in: bytes, .captured)) == expected)
    }

    @Test(
        "in a configuration, literal credentials are hidden and variables are not",
        arguments: [
            (#"proxy_set_header Authorization "Basic dXNlcg==";"#, ["Basic dXNlcg=="]),
            ("proxy_set_header X-Api-Key abc;", ["abc"]),
            ("proxy_set_header Authorization $http_authorization;", []),
            ("rewrite ^ /x?token=$arg_token;", []),
            ("rewrite ^ /x?token=abc;", ["abc"]),
            ("proxy_set_header Host $host;", []),
        ])
    func configuration(_ line: String, expected: [String]) {
        let bytes = Array(line.utf8)
        #expect(Self.hidden(bytes, CredentialScanner.ranges(in: bytes, .configuration)) == expected)
    }

    @Test("ranges are in order and never overlap, whatever the bytes")
    func order() {
        var seed: UInt64 = 7
        let alphabet = Array("=:\"' ;,&?token key eyJ.://@\\$a1".utf8)
        for _ in 0..<3000 {
            var bytes: [UInt8] = []
            for _ in 0..<60 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes.append(alphabet[Int(seed >> 33) % alphabet.count])
            }
            for name in ["Cookie", "Authorization", "Sec-WebSocket-Protocol", "X"] as [ByteString] {
                let ranges = CredentialScanner.ranges(inValueOf: HeaderField(name, ByteString(bytes)))
                #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound })
                #expect(ranges.allSatisfy { $0.upperBound <= bytes.count })
            }
            let ranges = CredentialScanner.ranges(in: bytes, .configuration)
            #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound })
        }
    }
}
