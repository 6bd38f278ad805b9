import TCPReassembly
package import WebSocketWire
package import WireBasics

/// The traffic of a tunnel as a transcript knows it: totals, the silences that matter, and the end.
package struct TunnelTraffic: Sendable {
    /// What went through in the capture.
    package var transcript: TunnelTranscript
    /// How it ended in the capture.
    package var ending: ConnectionEnding
    /// How much later (or earlier) than in the capture the tunnel opened in the simulation.
    package var shift: TimeSpan

    /// Who ended the session: the end that sent the first close frame (RFC 6455 §7.1.2), else the one that closed the
    /// TCP connection.
    ///
    /// A server that is asked to close is the one that closes TCP, so the two often differ.
    var closer: Party? {
        switch (transcript.client.close?.mark, transcript.server.close?.mark) {
        case (let client?, let server?):
            (client.packet, client.instant) <= (server.packet, server.instant) ? .client : .server
        case (_?, nil): .client
        case (nil, _?): .server
        case (nil, nil): ending.by
        }
    }

    /// The first silence that a rule forbids, and when it has lasted for too long, in the time of the simulation.
    ///
    /// A timer that ignores small re-arms runs from `lazilyArmed`, an exact one from the last byte. A byte at the very
    /// instant of the deadline comes too late: seen on nginx 1.22.1 with a heartbeat period equal to the timeout.
    func firstBreach(of rule: IdleRule) -> (silence: Silence, at: CaptureInstant)? {
        for silence in transcript.silences {
            let armed = rule.laziness > .zero ? silence.lazilyArmed : silence.lastByte
            if armed + rule.limit <= silence.until {
                return (silence, armed + rule.limit + shift)
            }
        }
        return nil
    }

    /// How many frames of each end are complete by an instant of the simulation.
    ///
    /// `doubt` says what is left open where the transcript keeps too few single frames to tell.
    func frames(until instant: CaptureInstant) -> (client: Int, server: Int, doubt: Explanation?) {
        let kept = transcript.frames
        let inTime = kept.prefix { $0.mark.instant + shift <= instant }
        let client = inTime.count { $0.party == .client }
        let count = (client: client, server: inTime.count - client)
        guard inTime.count == kept.count, kept.count < transcript.client.frames + transcript.server.frames else {
            return (count.client, count.server, nil)
        }
        return (
            count.client, count.server,
            Explanation(
                because:
                    "the transcript keeps \(kept.count) single frames: how many more go through before the end is not known"
            )
        )
    }
}
