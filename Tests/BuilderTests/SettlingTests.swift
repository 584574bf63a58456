import Layers
import Linux
import OCI
import SystemPackage
import Testing

@testable import Builder

@Suite("An upper folder that is settled while others read it")
struct SettlingTests {
    private static func diff(files: Int, in images: ImageBench) throws -> OverlayDiff {
        try images.shell("mkdir upper; cd upper; seq 1 \(files) | xargs touch -d @7.5")
        return try OverlayDiff(
            upper: images.appending("upper"), lower: MergedTree(layers: []), scratch: images.appending("upper"))
    }

    @Test("shows what its layer says, few files or many", arguments: [3, 256, 257, 5000])
    func times(files: Int) throws {
        let images = try ImageBench()
        let settling = Settling(try Self.diff(files: files, in: images))
        try settling.finish()
        #expect(try images.shell("stat -c %.Y upper/* | sort -u") == "7.000000000\n")
    }

    @Test("tells at its end what went wrong", arguments: [3, 5000])
    func error(files: Int) throws {
        let images = try ImageBench()
        let diff = try Self.diff(files: files, in: images)
        try images.shell("rm upper/2")
        #expect(throws: BuildError.self) { try Settling(diff).finish() }
    }
}
