import Testing
import WireBasics

@testable import HTTPWire
