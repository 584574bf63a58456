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
        ] as [(String, Int64)])
    func read(text: String, nanoseconds: Int64) {
        #expect(Duration.nanoseconds(parsing: text) == nanoseconds)
    }

    @Test(
        "are refused if they are written otherwise or too long",
        arguments: [
            "", "-", "5", "s", ".s", "1x", "1 s", "1s ", "--1s", "9223372036854775808ns", "2562048h", "1e3s",
            "99999999999999999999s", "9223372036s9223372036s",
        ])
    func refused(text: String) {
        #expect(Duration.nanoseconds(parsing: text) == nil)
    }
}
