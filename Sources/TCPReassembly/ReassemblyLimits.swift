/// How much is kept while a capture is put in order.
///
/// Reaching a limit is counted and shown, never silent.
package struct ReassemblyLimits: Hashable, Sendable {
    /// Bytes that one direction of a connection may hold back while earlier ones are missing.
    ///
    /// Linux offers receive windows of up to 6 MiB (`net.ipv4.tcp_rmem`), so a lost segment can have that much behind
    /// it.
    package var heldBytes = 8 << 20
    /// Segments that one direction may hold back; each costs time when the next one is put in its place.
    package var heldSegments = 8192
    /// Bytes of each direction that are kept after they were delivered, so that what comes again can be compared with
    /// them; 0 to keep none.
    ///
    /// Bytes that still wait for earlier ones are compared in any case. It takes every segment off the quick path.
    package var comparedBytes = 0
    /// A hole that the peer acknowledged is believed after so many more packets of the connection: until then the
    /// missing packet may merely come late in the capture.
    package var reorderedPackets = 128
    /// A connection that ended is over after so many more packets in the capture; late ones still belong to it.
    package var packetsAfterEnd = 2000
    /// A connection that is over is remembered for so many packets, so that a stray one does not look like a new one.
    package var packetsRemembered = 50_000
    /// Connections whose state is kept, those included that are over and only remembered.
    ///
    /// One that says nothing takes some 3 KiB, so that a flood of SYNs ends at 600 MiB.
    package var connections = 200_000
    /// IP datagrams that may wait for fragments.
    package var fragmentedDatagrams = 1024
    /// Bytes that all waiting fragments may take.
    package var fragmentBytes = 16 << 20

    /// The limits that suit captures of servers.
    package init() {}
}
