import SystemPackage
import Testing

@testable import Linux

/// The kernel that runs the tests takes one way or both; what a mount shows must not depend on it.
@Suite("An overlay is the same", .needsRoot) struct OverlayPlanTests {
    enum Way {
        case oneByOne
        case text

        /// Those that this kernel knows.
        static let known: [Way] = Mount.readsOptionsOneByOne ? [.oneByOne, .text] : [.text]

        func mount(_ plan: OverlayPlan) throws(SyscallError) -> Mount {
            switch self {
            case .oneByOne: try plan.mountOneByOne()
            case .text: try plan.mountByText()
            }
        }
    }

    private func plan(_ stage: borrowing Stage, _ lower: [FilePath], writable: Bool = true) -> OverlayPlan {
        OverlayPlan(
            lower: lower.map { stage.path.appending($0.components) },
            changes: writable
                ? OverlayPlan.Changes(upper: stage.path.appending("upper"), work: stage.path.appending("work")) : nil,
            marks: .trusted)
    }

    @Test("in what it shows and in what is kept of a change", arguments: Way.known) func changes(_ way: Way) throws {
        let stage = try Stage()
        try stage.home.makeFolder("top")
        try stage.write("base/file", [1])
        try stage.write("base/gone", [1])
        try stage.write("top/file", [2])
        let folder = try way.mount(plan(stage, ["base", "top"])).folder()
        #expect(try File(try folder.open("file")).readAll(limit: 9) == [2])
        try folder.unlink("gone")
        let upper = try stage.home.openFolder("upper")
        #expect(try upper.entries().map(\.name) == [Array("gone".utf8)])
        #expect(try upper.status(of: "gone")?.isOverlayWhiteout == true)
    }

    @Test("in what it refuses", arguments: Way.known) func reading(_ way: Way) throws {
        let stage = try Stage()
        let view = try way.mount(plan(stage, ["base", "empty"], writable: false)).folder()
        #expect(throws: SyscallError("mkdirat", "new", .readOnlyFileSystem)) { try view.makeFolder("new") }

        let changed = try way.mount(plan(stage, ["base"])).folder()
        try changed.makeNode("null", .characterDevice, mode: 0o666, device: DeviceNumber(major: 1, minor: 3))
        #expect(throws: SyscallError("openat", "null", .permissionDenied)) { _ = try changed.open("null").number }
    }

    @Test("with as many layers as Linux mounts", arguments: Way.known) func many(_ way: Way) throws {
        let stage = try Stage()
        let names = (1...500).map { FilePath("layer-\($0)") }
        for name in names {
            try stage.home.makeFolder(name)
            try stage.home.createFile(name.appending(name.components)).write([1])
        }
        #expect(try way.mount(plan(stage, names)).folder().entries().count == 500)
    }

    @Test("in that it is mounted nowhere", arguments: Way.known) func unseen(_ way: Way) throws {
        let stage = try Stage()
        let before = try File(opening: "/proc/self/mountinfo").readAll(limit: 1 << 20)
        let view = try way.mount(plan(stage, ["base"]))
        #expect(try File(opening: "/proc/self/mountinfo").readAll(limit: 1 << 20) == before)
        #expect(try view.folder().status(of: "probe") != nil)
    }

    @Test("when the same thread mounts it again") func again() throws {
        let stage = try Stage()
        for _ in 0..<3 {
            let view = try plan(stage, ["base", "empty"], writable: false).mountByText()
            #expect(try view.folder().status(of: "probe") != nil)
        }
    }

    @Test("over a file system that only this process has") func memory() throws {
        let stage = try Stage()
        let memory = try Mount.memory()
        try memory.settle(over: stage.path.appending("empty"))
        let folder = try memory.folder()
        for name in ["lower", "upper", "work"] as [FilePath] { try folder.makeFolder(name) }
        let path = FilePath("/proc/self/fd/\(memory.number)")
        let view = try Mount.overlay(
            lower: [path.appending("lower")], upper: path.appending("upper"), work: path.appending("work"))
        try view.folder().makeFolder("made")
        #expect(try folder.status(of: "upper/made")?.kind == .folder)
        #expect(try stage.home.openFolder("empty").entries().isEmpty)
    }
}
