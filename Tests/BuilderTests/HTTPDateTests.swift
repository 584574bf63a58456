import Testing

@testable import Builder

@Suite("Dates of the web")
struct HTTPDateTests {
    @Test(
        "are read in each of their spellings",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
            ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Tue, 29 Feb 2000 23:59:59 GMT", 951_868_799), ("Wed, 31 Dec 1969 23:59:59 GMT", -1),
            ("Monday, 01-Mar-69 00:00:00 GMT", 3_129_321_600), ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
        ])
    func spellings(text: String, seconds: Int64) {
        #expect(HTTPDate.seconds(text) == seconds)
    }

    @Test(
        "are nothing else",
        arguments: [
            "", "now", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 32 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 06 Nov 99999999999999999999 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT", "1994-11-06T08:49:37Z",
        ])
    func nonsense(text: String) {
        #expect(HTTPDate.seconds(text) == nil)
    }
}
