import WireBasics

/// An instant as a calendar shows it, in UTC: the model knows no time zone of the machine that nginx ran on.
struct CalendarTime: Hashable, Sendable {
    let year: Int64
    let month: Int64
    let day: Int64
    let hour: Int64
    let minute: Int64
    let second: Int64

    /// The calendar's view of an instant.
    init(_ instant: CaptureInstant) {
        let seconds = instant.second
        let days = seconds >= 0 ? seconds / 86400 : (seconds + 1) / 86400 - 1
        let rest = seconds - days * 86400
        (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
        // Days since 0000-03-01, in eras of 400 years.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `2023-11-14T22:13:20+00:00`.
    var iso8601: ByteString {
        ByteString("\(year)-\(pad(month))-\(pad(day))T\(clock)+00:00")
    }

    /// `14/Nov/2023:22:13:20 +0000`.
    var commonLog: ByteString {
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return ByteString("\(pad(day))/\(names[Int(month) - 1])/\(year):\(clock) +0000")
    }

    private var clock: String { "\(pad(hour)):\(pad(minute)):\(pad(second))" }

    private func pad(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
