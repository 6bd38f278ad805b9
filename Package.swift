// swift-tools-version: 6.2
import PackageDescription

// The list of targets is the map of the project: one target a layer, each importing lower ones only
// (the compiler checks it: `--explicit-target-dependency-import-check error`).
let package = Package(
    name: "wsreplay",
    products: [
        .executable(name: "wsreplay", targets: ["wsreplay"]),
        .library(name: "WSReplayKit", targets: ["WSReplayKit"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // 7  argv, terminal, exit status
        .executableTarget(
            name: "wsreplay",
            dependencies: ["WSReplayKit", .product(name: "ArgumentParser", package: "swift-argument-parser")]),

        // 6  the façade: files, folders, the order of the work
        .target(
            name: "WSReplayKit",
            dependencies: [
                "CaptureFiles", "TCPReassembly", "HTTPWire", "WebSocketWire", "ProxyModel", "ProxyDialects", "Verdicts",
                "ReportWriters", "YAMLDocuments", "WireBasics",
            ]),

        // 5  results to bytes
        .target(
            name: "ReportWriters",
            dependencies: [
                "Verdicts", "ProxyModel", "WebSocketWire", "TCPReassembly", "HTTPWire", "WireBasics", "CLibcrypto",
            ]),

        // 4  what a configuration means; what was expected and what came out
        .target(
            name: "ProxyDialects",
            dependencies: [
                "ProxyModel", "WebSocketWire", "HTTPWire", "YAMLDocuments", "WireBasics", "CPCRE2",
                .product(name: "Yams", package: "Yams"),
            ]),
        .target(
            name: "Verdicts",
            dependencies: [
                "ProxyModel", "WebSocketWire", "TCPReassembly", "HTTPWire", "YAMLDocuments", "WireBasics",
                .product(name: "Yams", package: "Yams"),
            ]),

        // 3  events in, actions out, a virtual clock
        .target(
            name: "ProxyModel",
            dependencies: [
                "WebSocketWire", "TCPReassembly", "HTTPWire", "WireBasics",
                .product(name: "HeapModule", package: "swift-collections"),
            ]),

        // 2  handshake, frames, messages, transcript
        .target(
            name: "WebSocketWire", dependencies: ["TCPReassembly", "HTTPWire", "WireBasics", "CZlib", "CLibcrypto"]),

        // 1  the wire below WebSocket; files that people write
        .target(name: "CaptureFiles", dependencies: ["WireBasics", "CLibpcap", "CZlib"]),
        .target(name: "TCPReassembly", dependencies: ["WireBasics", "CPrefetch"]),
        .target(name: "HTTPWire", dependencies: ["WireBasics"]),
        .target(name: "YAMLDocuments", dependencies: ["WireBasics", .product(name: "Yams", package: "Yams")]),

        // 0  instants, endpoints, provenance, findings
        .target(name: "WireBasics"),

        // C libraries, from Debian's -dev packages
        .systemLibrary(name: "CLibpcap", providers: [.apt(["libpcap-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        // No library: the one instruction of the processor that Swift has no name for.
        .systemLibrary(name: "CPrefetch"),
        .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

        .testTarget(name: "WireBasicsTests", dependencies: ["WireBasics"]),
        .testTarget(name: "CaptureFilesTests", dependencies: ["CaptureFiles", "WireBasics", "CZlib"]),
        .testTarget(
            name: "TCPReassemblyTests", dependencies: ["TCPReassembly", "CaptureFiles", "WireBasics", "CLibcrypto"]),
        .testTarget(name: "HTTPWireTests", dependencies: ["HTTPWire", "WireBasics"]),
        .testTarget(
            name: "WebSocketWireTests",
            dependencies: ["WebSocketWire", "TCPReassembly", "HTTPWire", "WireBasics", "CZlib"]),
        // What tests of the model and of what stands on it share: captured sessions, the simplest proxy.
        .target(
            name: "ModelTestSupport",
            dependencies: ["ProxyModel", "WebSocketWire", "TCPReassembly", "HTTPWire", "WireBasics"],
            path: "Tests/ModelTestSupport"),
        .testTarget(
            name: "ProxyModelTests",
            dependencies: ["ModelTestSupport", "ProxyModel", "WebSocketWire", "HTTPWire", "WireBasics"]),
        .testTarget(
            name: "ProxyDialectsTests", dependencies: ["ProxyDialects", "ProxyModel", "HTTPWire", "WireBasics"]),
        .testTarget(
            name: "VerdictsTests",
            dependencies: [
                "ModelTestSupport", "Verdicts", "ProxyModel", "WebSocketWire", "TCPReassembly", "HTTPWire",
                "YAMLDocuments", "WireBasics",
            ]),
        .testTarget(
            name: "ReportWritersTests",
            dependencies: [
                "ReportWriters", "Verdicts", "ProxyModel", "WebSocketWire", "TCPReassembly", "HTTPWire", "WireBasics",
            ]),
        .testTarget(
            name: "WSReplayKitTests",
            dependencies: [
                "ModelTestSupport", "WSReplayKit", "CaptureFiles", "ReportWriters", "Verdicts", "ProxyModel",
                "WebSocketWire", "HTTPWire",
            ]),
        // Runs the built program; it is beside the tests, since they are built together.
        .testTarget(name: "CommandLineTests"),
        .testTarget(name: "ArchitectureTests"),
    ],
    swiftLanguageModes: [.v6]
)

// One set of rules for every target of ours: warnings are errors, `any` is written out, imports are what they say.
for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ]
}
