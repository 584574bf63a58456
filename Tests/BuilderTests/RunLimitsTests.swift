import Layers
import SystemPackage
import Testing

@testable import Builder

@Suite("RUN, beyond what Linux takes,")
struct RunLimitsTests {
    @Test("stands on too many layers, and says how many there may be")
    func layers() throws {
        let folder: FilePath = "/"
        let nothing = try InitLayer([], over: MergedTree(layers: []), at: "/nowhere")
        let lower = Array(repeating: folder, count: LayeredRoot.maximumLayers + 1)
        let error = #expect(throws: BuildError.self) {
            _ = try LayeredRoot.mount(lower, nothing, upper: folder, work: folder)
        }
        #expect(error?.code == "too-many-layers")
        #expect(error?.message.contains("500 layers") == true)
    }

    @Test(
        "has words that are too long, and is told so",
        .enabled(if: MountBench.isPossible, "needs root and /bin/busybox"),
        arguments: ["ENV A=WORD\nRUN true", "RUN echo WORD", "RUN [\"echo\", \"WORD\"]"])
    func words(steps: String) async throws {
        let long = String(repeating: "x", count: 140_000)
        let recipe =
            "FROM busybox\n" + steps.split(separator: "WORD", omittingEmptySubsequences: false).joined(separator: long)
        let error = try await MountBench().failure(of: recipe)
        #expect(error.code == "no-program")
        #expect(error.hint?.contains("128 KiB") == true)
    }

    @Test("names a path that no file system has, and hears where", .enabled(if: MountBench.isPossible, "needs root"))
    func path() async throws {
        let error = try await MountBench().failure(of: "FROM busybox\nWORKDIR /\(String(repeating: "x", count: 300))")
        #expect(error.code == "name-too-long")
        #expect(error.kind == .input)
        #expect(error.span != nil)
    }
}
