import OCI
import Testing

@testable import Builder

@Suite("ContextTree") struct ContextTreeTests {
    @Test(
        "What went away or changed since the context was listed is said to have changed",
        arguments: ["rm a", "echo more >>a", "mv b a"])
    func changed(script: String) throws {
        let bench = try CopyBench(context: "echo one >a; echo two >b")
        let entry = try #require(try bench.context.entry(at: TreePath(normalising: "a")))
        try bench.images.shell("cd context && \(script)")
        #expect {
            try bench.context.digest(of: entry)
        } throws: { error in
            guard let error = error as? BuildError else { return false }
            return error.code == "changed-while-reading" && error.message.contains("`/a`")
        }
    }

    @Test(
        "What is written to while it is read is said to have changed, though it is as long as before",
        arguments: [("true", false), ("chmod 600 a", false), ("printf ONE | dd of=a conv=notrunc", true)])
    func rewritten(script: String, isChange: Bool) throws {
        let bench = try CopyBench(context: "echo one >a; touch -d '1 hour ago' a")
        let entry = try #require(try bench.context.entry(at: TreePath(normalising: "a")))
        let file = try bench.context.open(entry)
        try bench.images.shell("cd context && \(script)")
        var code: String?
        do { try bench.context.requireUnchanged(file, since: entry) } catch { code = error.code }
        #expect(code == (isChange ? "changed-while-reading" : nil))
    }
}
