import Testing

@testable import Frontend

@Suite("Lengths of time")
struct HealthcheckTimeTests {
    @Test(
        "are read as Go reads them",
        arguments: [
            ("0", 0), ("1ns", 1), ("1us", 1000), ("1µs", 1000), ("1μs", 1000), ("2ms", 2_000_000),
            ("1.5s", 1_500_000_000), (".5s", 500_000_000), ("1.s", 1_000_000_000), ("1h2m3s", 3_723_000_000_000),
            ("+5s", 5_000_000_000), ("-1s", -1_000_000_000), ("9223372036854775807ns", .max),
            ("-9223372036854775808ns", .min),
            ("1.0157ms", 1_015_700), ("0.57s", 570_000_000), ("0.1234567891234567891234s", 123_456_789),
        ] as [(String, Int64)])
    func read(text: String, nanoseconds: Int64) {
        #expect(Duration.nanoseconds(parsing: text) == nanoseconds)
    }

    @Test(
        "are refused if they are written otherwise or too long",
        arguments: [
            "", "-", "5", "s", ".s", "1x", "1 s", "1s ", "--1s", "9223372036854775808ns", "2562048h", "1e3s",
            "99999999999999999999s", "9223372036s9223372036s", "9223372036854775808ns9223372036854775808ns",
            "9223372036854775808ns2562047.9h", "2562047.9h",
        ])
    func refused(text: String) {
        #expect(Duration.nanoseconds(parsing: text) == nil)
    }
}
