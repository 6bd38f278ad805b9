// One `import WSReplayKit` is enough to use a result: the modules of its parts come with it.
@_exported public import HTTPWire
@_exported public import ProxyModel
@_exported public import ReportWriters
@_exported public import TCPReassembly
@_exported public import Verdicts
@_exported public import WebSocketWire
@_exported public import WireBasics
