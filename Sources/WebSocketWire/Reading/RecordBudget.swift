/// How many frames and messages the readers of one capture may still list together.
///
/// A class, because they share it; they are called one after the other, in the order of the packets.
package final class RecordBudget {
    /// Whether one was refused.
    package private(set) var isSpent = false
    private var left: Int

    /// A budget of that many frames and messages.
    package init(_ count: Int) {
        left = count
    }

    /// Takes one, where there is one left.
    func take() -> Bool {
        guard left > 0 else {
            isSpent = true
            return false
        }
        left -= 1
        return true
    }
}
