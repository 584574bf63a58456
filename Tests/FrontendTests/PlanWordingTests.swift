import OCI
import Testing

@testable import Frontend

@Suite("The words of history")
struct HistoryTextTests {
    @Test(
        "spell durations as Go does",
        arguments: [
            (0, "0s"), (1, "1ns"), (1_500, "1.5µs"), (2_000_000, "2ms"), (1_500_000_000, "1.5s"),
            (30_000_000_000, "30s"), (90_000_000_000, "1m30s"), (3_600_000_000_000, "1h0m0s"),
            (-30_000_000_000, "-30s"), (Int64.max, "2562047h47m16.854775807s"),
        ])
    func duration(nanoseconds: Int64, text: String) {
        #expect(HistoryText.duration(nanoseconds) == text)
    }

    @Test(
        "quote as Go does",
        arguments: [
            ("a b", "\"a b\""), ("\"\\", "\"\\\"\\\\\""), ("\n\t\u{7}", "\"\\n\\t\\a\""), ("é☺", "\"é☺\""),
            ("\u{1}\u{7F}", "\"\\x01\\x7f\""), ("\u{A0}", "\"\\u00a0\""), ("\u{E0001}", "\"\\U000e0001\""),
        ])
    func quote(text: String, quoted: String) {
        #expect(HistoryText.quoted(text) == quoted)
    }

    @Test("show a health check with all its fields")
    func healthcheck() {
        let check = Healthcheck(test: ["CMD-SHELL", "a b"], interval: 30_000_000_000, retries: 3)
        #expect(
            HistoryText.healthcheck(check)
                == "{Test:[CMD-SHELL a b] Interval:30s Timeout:0s StartPeriod:0s StartInterval:0s Retries:3}")
    }
}

@Suite("Small words of instructions")
struct InstructionWordTests {
    @Test(
        "name ports",
        arguments: [
            ("80", ["80/tcp"]), ("80/UDP", ["80/udp"]), ("8000-8002", ["8000/tcp", "8001/tcp", "8002/tcp"]),
            ("0", ["0/tcp"]), ("65535/sctp", ["65535/sctp"]), ("127.0.0.1:80:8080", ["8080/tcp"]),
            ("80:8080", ["8080/tcp"]), ("[::1]:80:8080/tcp", ["8080/tcp"]), ("80/", ["80/tcp"]),
            ("65536", nil), ("-1", nil), ("", nil), ("/tcp", nil), ("80/icmp", nil), ("9-8", nil), ("a", nil),
            ("80-81:90-92", nil), ("x:80:80", nil), ("1-2-3", nil), ("99999999999999999999", nil),
        ] as [(String, [String]?)])
    func ports(word: String, ports: [String]?) {
        #expect(ExposedPorts(word)?.names == ports)
    }

    @Test("name signals")
    func signals() {
        for name in ["SIGTERM", "term", "9", "SIGRTMIN+3", "RTMAX-14", "64"] { #expect(StopSignal.isValid(name)) }
        for name in ["", "0", "SIGFOO", "RTMIN+16", "SIG"] { #expect(!StopSignal.isValid(name)) }
    }

    @Test(
        "make paths as Go does",
        arguments: [("a//b", "a/b"), ("/..", "/"), ("../a", "../a"), ("a/../..", ".."), ("", "."), ("/a/./b/", "/a/b")])
    func clean(path: String, clean: String) {
        #expect(RecipePath.cleaned(path) == clean)
    }

    @Test(
        "keep what says that a destination is a folder",
        arguments: [
            ("/a", "/a"), ("/a/", "/a/"), ("a/", "/w/a/"), (".", "/w/"), ("", "/w/"), ("./", "/w/"), ("..", "/"),
            ("a/.", "/w/a/."), ("/", "/"), ("/a/../b", "/b"),
        ])
    func destination(path: String, destination: String) {
        #expect(RecipePath.destination(path, in: "/w") == destination)
    }
}
