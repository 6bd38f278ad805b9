import WireBasics

/// The violations of one session, kept within bounds.
struct ViolationLog {
    private(set) var violations: [Violation] = []
    private let limit: Int

    /// A log that keeps that many violations of each code and party; the last one kept counts the others.
    init(limit: Int) {
        self.limit = max(1, limit)
    }

    mutating func add(_ rule: ViolationRule, by party: Party, packet: Int, _ message: @autoclosure () -> String) {
        var known = 0
        var last = 0
        for index in violations.indices where violations[index].party == party && violations[index].code == rule.code {
            known += 1
            last = index
        }
        guard known < limit else {
            violations[last].count += 1
            return
        }
        violations.append(
            Violation(code: rule.code, party: party, packet: packet, message: message(), section: rule.section))
    }

    mutating func add(_ rule: ViolationRule, by party: Party, packet: Int) {
        add(rule, by: party, packet: packet, rule.sentence)
    }
}
