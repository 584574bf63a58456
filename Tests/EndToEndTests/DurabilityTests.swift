import SystemPackage
import Testing

@Suite("An output", .needsRoot, .timeLimit(.minutes(10)))
struct DurabilityTests {
    private let bench: Bench

    init() throws {
        bench = try Bench()
        try bench.write("context/file", "contents\n")
    }

    /// The calls that wait for the disk, or hurry it, of a command; those on the store's own files are left out.
    private func waits(_ arguments: [String]) throws -> [String] {
        let calls = "trace=fsync,fdatasync,syncfs,sync,sync_file_range,?sync_file_range2"
        let trace = bench.appending("trace")
        let outcome = try bench.start(arguments, by: ["strace", "-f", "-y", "-qq", "-e", calls, "-o", trace.string])
            .finish()
        try #require(outcome.exitCode == 0, "\(outcome)")
        return String(decoding: try bench.read("trace"), as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { $0.contains("sync") && !$0.contains(" resumed>") && !$0.contains("<\(bench.root)/") }
    }

    private func build(_ output: String, _ flags: String...) throws -> [String] {
        try waits(try bench.buildArguments("FROM scratch\nCOPY file /file\n", ["-o", output] + flags))
    }

    @Test(
        "waits for the disk, and with --no-sync for nothing; its bytes are the same",
        arguments: ["image", "oci", "docker", "tar", "oci-dir", "local"])
    func forms(form: String) throws {
        #expect(try !build("type=\(form),dest=../synced").isEmpty)
        #expect(try build("type=\(form),dest=../unsynced", "--no-sync") == [])
        try bench.shell("diff -r synced unsynced")
        #expect(try bench.shell("ls -A . | grep layerbuild- || true") == "")
    }

    @Test("of copy does too", arguments: ["oci-archive:", "docker-archive:", "oci:", "dir:", "rootfs:"])
    func copies(transport: String) throws {
        _ = try build("type=none", "-t", "app:1")
        #expect(try !waits(["copy", "app:1", "\(transport)../synced"]).isEmpty)
        #expect(try waits(["copy", "--no-sync", "app:1", "\(transport)../unsynced"]) == [])
        try bench.shell("diff -r synced unsynced")
    }

    @Test("that is there without the disk's word is left alone, and waited for by the next build that waits")
    func later() throws {
        _ = try build("../app.tar", "--no-sync")
        let number = try bench.shell("stat -c %i app.tar")
        #expect(try build("../app.tar", "--no-sync") == [])
        #expect(try !build("../app.tar").isEmpty)
        #expect(try build("../app.tar") == [])
        #expect(try bench.shell("stat -c %i app.tar") == number)
    }

    @Test("of a cache for other machines waits as those of images do")
    func cache() throws {
        #expect(try !build("type=none", "--cache-to", "type=local,dest=../synced").isEmpty)
        #expect(try build("type=none", "--no-sync", "--cache-to", "type=local,dest=../unsynced") == [])
        try bench.shell("diff -r synced unsynced")
    }
}
