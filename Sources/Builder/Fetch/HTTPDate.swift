/// The moment that a header field names, in any of the three spellings of RFC 9110, section 5.6.7.
///
///     Sun, 06 Nov 1994 08:49:37 GMT
///     Sunday, 06-Nov-94 08:49:37 GMT
///     Sun Nov  6 08:49:37 1994
enum HTTPDate {
    /// Seconds since 1970; `nil` if the text is no date.
    static func seconds(_ text: String) -> Int64? {
        let words = text.split { $0 == " " || $0 == "," || $0 == "-" }.map(String.init)
        guard words.count >= 5 else { return nil }
        let monthFirst = months.contains(words[1])
        let month = months.firstIndex(of: words[monthFirst ? 1 : 2])
        let day = Int64(words[monthFirst ? 2 : 1])
        let year = Int64(words[monthFirst ? 4 : 3])
        guard let month, let day, let year, let time = timeOfDay(words[monthFirst ? 3 : 4]), (1...31).contains(day),
            (0...9999).contains(year)
        else { return nil }
        return days(year < 100 ? year + (year < 70 ? 2000 : 1900) : year, Int64(month) + 1, day) * 86_400 + time
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func timeOfDay(_ text: String) -> Int64? {
        let parts = text.split(separator: ":").compactMap { Int64($0) }
        guard parts.count == 3, (0...23).contains(parts[0]), (0...59).contains(parts[1]), (0...60).contains(parts[2])
        else { return nil }
        return parts[0] * 3600 + parts[1] * 60 + parts[2]
    }

    /// Days from 1970 to a date of the Gregorian calendar, counted in eras of 400 years from 1 March 0000.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted >= 0 ? shifted / 400 : -1
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
