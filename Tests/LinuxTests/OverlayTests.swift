import Linux
import SystemPackage
import Testing

@Suite("Overlay", .needsRoot) struct OverlayTests {
    @Test("Only what a command changes is in the upper folder") func changes() throws {
        let stage = try Stage()
        try stage.write("base/gone", [1])
        #expect(try stage.output(of: SpawnPlan(arguments: ["/probe", "remove", "/gone"])).status == .exited(0))
        let upper = try stage.home.openFolder("upper")
        #expect(try upper.entries().map(\.name) == [Array("gone".utf8), Array("made".utf8)])
        #expect(try upper.status(of: "gone")?.isOverlayWhiteout == true)
        #expect(try upper.status(of: "made")?.kind == .folder)
    }

    @Test("The last of the lower folders covers the others") func order() throws {
        let stage = try Stage()
        try stage.home.makeFolder("top")
        try stage.write("base/file", [1])
        try stage.write("top/file", [2])
        let view = try Mount.overlay(
            reading: [stage.path.appending("base"), stage.path.appending("top")], empty: stage.path.appending("empty"))
        #expect(try File(try view.folder().open("file")).readAll(limit: 9) == [2])
    }

    @Test("A single folder can be read through an overlay, and not written") func reading() throws {
        let stage = try Stage()
        try stage.write("base/file", [1])
        try stage.home.makeNode("base/hidden", .characterDevice, mode: 0)
        let view = try Mount.overlay(reading: [stage.path.appending("base")], empty: stage.path.appending("empty"))
        let folder = try view.folder()
        #expect(try File(try folder.open("file")).readAll(limit: 9) == [1])
        #expect(throws: SyscallError("mkdirat", "new", .readOnlyFileSystem)) { try folder.makeFolder("new") }
        #expect(try folder.entries().contains { $0.name == Array("hidden".utf8) } == false)
    }

    @Test("Paths may be longer than the kernel's options, and layers many") func many() throws {
        let stage = try Stage()
        var path = stage.path
        for _ in 0..<3 {
            let name = FilePath(String(repeating: "x", count: 200))
            try Folder(opening: path).makeFolder(name)
            path.append(name.components)
        }
        let long = try Folder(opening: path)
        var lower: [FilePath] = []
        for number in 0..<120 {
            try long.makeFolder(FilePath("\(number)"))
            try long.createFile(FilePath("\(number)/from-\(number)")).write([1])
            lower.append(path.appending("\(number)"))
        }
        let view = try Mount.overlay(
            lower: lower, upper: stage.path.appending("upper"), work: stage.path.appending("work"))
        #expect(try view.folder().entries().count == 120)
    }

    @Test("An overlay that the kernel refuses is named as such") func errors() throws {
        let stage = try Stage()
        let error = #expect(throws: SyscallError.self) {
            let base = stage.path.appending("base")
            _ = try Mount.overlay(lower: [base], upper: base.appending("etc"), work: base.appending("etc")).number
        }
        #expect(error?.call == "fsconfig" || error?.call == "mount")
        #expect(error?.subject.contains("overlay") == true)
    }

    @Test("A bind mount that is read-only is, the folder behind it is not") func bind() throws {
        let stage = try Stage()
        let mount = try Mount.bind(stage.path.appending("base"), [.readOnly, .noDevices])
        let folder = try mount.folder()
        #expect(throws: SyscallError("mkdirat", "new", .readOnlyFileSystem)) { try folder.makeFolder("new") }
        try stage.home.makeFolder("base/new")
        #expect(try folder.status(of: "new") != nil)
    }
}
