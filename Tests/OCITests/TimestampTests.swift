import OCI
import Testing

@Suite("Timestamp") struct TimestampTests {
    @Test(
        "Seconds become a date and a time in UTC",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1, "1970-01-01T00:00:01Z"), (-1, "1969-12-31T23:59:59Z"),
            (86_399, "1970-01-01T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"), (1_709_164_800, "2024-02-29T00:00:00Z"),
            (1_709_251_199, "2024-02-29T23:59:59Z"), (1_735_689_599, "2024-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"), (4_107_542_399, "2100-02-28T23:59:59Z"),
            (1_500_000_000, "2017-07-14T02:40:00Z"), (2_147_483_648, "2038-01-19T03:14:08Z"),
            (-2_203_891_200, "1900-03-01T00:00:00Z"), (-2_203_891_201, "1900-02-28T23:59:59Z"),
            (-62_135_596_800, "0001-01-01T00:00:00Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] as [(Int64, String)])
    func vectors(seconds: Int64, text: String) { #expect(Timestamp.text(seconds: seconds) == text) }

    @Test("What RFC 3339 cannot spell becomes the nearest that it can")
    func bounds() {
        #expect(Timestamp.text(seconds: .max) == "9999-12-31T23:59:59Z")
        #expect(Timestamp.text(seconds: 253_402_300_800) == "9999-12-31T23:59:59Z")
        #expect(Timestamp.text(seconds: .min) == "0000-01-01T00:00:00Z")
    }
}
