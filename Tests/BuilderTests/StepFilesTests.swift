import Frontend
import Glibc
import Layers
import Linux
import OCI
import Store
import SystemPackage
import Testing

@testable import Builder

@Suite("InitLayer", .enabled(if: geteuid() == 0, "needs root")) struct InitLayerTests {
    private let bench: ImageBench

    init() throws { bench = try ImageBench() }

    private func layer(_ image: String, _ places: [InitLayer.Place]) throws -> InitLayer {
        try bench.shell("umask 022; mkdir image; cd image; \(image)")
        return try InitLayer(
            places, over: try MergedTree(layers: [bench.appending("image")]), at: bench.appending("init"))
    }

    @Test("It holds only what is missing, under folders that look like the image's")
    func missing() throws {
        let layer = try layer(
            "mkdir -m 1750 etc; chown 3:4 etc; touch -d @1500000000 etc; mkdir proc",
            [
                InitLayer.Place(target: "/proc", isFolder: true),
                InitLayer.Place(target: "/etc/hosts", isFolder: false),
                InitLayer.Place(target: "/a/b", isFolder: true),
            ])
        #expect(layer.made.map(\.description) == ["/etc/hosts", "/a", "/a/b"])
        #expect(
            try bench.shell("cd init && find . -mindepth 1 -printf '%P %y %m %U:%G\\n' | sort")
                == "a d 755 0:0\na/b d 755 0:0\netc d 1750 3:4\netc/hosts f 644 0:0\n")
        #expect(try bench.shell("stat -c %Y init/etc") == "1500000000\n")
    }

    @Test("An image that has every place needs no layer; links to places are followed")
    func complete() throws {
        let layer = try layer("mkdir -p run/x; ln -s run/x tmp", [InitLayer.Place(target: "/tmp", isFolder: true)])
        #expect(layer.folder == nil)
        #expect(layer.made.isEmpty)
    }

    @Test("Steps that lack the same places in the same folders share a layer, others do not")
    func shared() throws {
        try bench.shell("umask 022; mkdir -p one/etc two/etc; chmod 700 two/etc; touch -d @1 one/etc two/etc")
        let shelf = InitLayers(bench.store.snapshots)
        let places = [InitLayer.Place(target: "/etc/hosts", isFolder: false)]
        func folder(_ image: String) throws -> FilePath? {
            try InitLayer(places, over: MergedTree(layers: [bench.appending(image)]), from: shelf).folder
        }
        let first = try #require(try folder("one"))
        #expect(try folder("one") == first)
        #expect(try folder("two") != first)
        #expect(try Folder(opening: first).status(of: "etc/hosts")?.size == 0)
    }

    @Test("A file where a folder is needed is an error")
    func kinds() {
        #expect {
            try layer("touch proc", [InitLayer.Place(target: "/proc", isFolder: true)])
        } throws: { ($0 as? BuildError)?.code == "mount-point" }
    }
}

@Suite("The kernel's folders", .enabled(if: MountBench.isPossible, "needs root and /bin/busybox"))
struct KernelFoldersTests {
    private let bare = "FROM scratch\nCOPY --from=busybox /bin /bin\n"

    @Test("are all that a first RUN adds to an image without them if it does nothing")
    func first() async throws {
        let made = try await MountBench().build(bare + "RUN true\nRUN true\n")
        try #require(made.layers.count == 2)
        let entries = made.layers[1].split(separator: "\n")
        #expect(entries.count == 3)
        for name in ["dev/", "proc/", "sys/"] {
            #expect(
                entries.contains {
                    $0.hasPrefix("drwxr-xr-x 0/0 ") && $0.contains(" 1970-01-01 ") && $0.hasSuffix(" \(name)")
                }, "\(entries)")
        }
    }

    @Test("are all that is kept of what a step is given")
    func nothingElse() async throws {
        let made = try await MountBench().build(
            bare + "RUN --mount=type=tmpfs,target=/cache/here true\n")
        let entries = try #require(made.layers.last).split(separator: "\n")
        #expect(entries.map { $0.split(separator: " ").last.map(String.init) } == ["dev/", "proc/", "sys/"])
    }
}

@Suite("OutputTail") struct OutputTailTests {
    @Test("The last twenty lines are kept, however they come in")
    func lines() {
        var tail = OutputTail()
        for number in 1...1000 { for byte in "line \(number)\n".utf8 { tail.append([byte]) } }
        #expect(tail.lines == (981...1000).map { "line \($0)" })
    }

    @Test("A line without end is bounded, and carriage returns end lines")
    func bounds() {
        var tail = OutputTail()
        for _ in 0..<10 { tail.append([UInt8](repeating: UInt8(ascii: "x"), count: 1 << 16)) }
        #expect(tail.lines.map(\.utf8.count).allSatisfy { $0 <= 16384 })
        tail.append(Array("\nhalf\rfull\n\n".utf8))
        #expect(tail.lines.suffix(2) == ["half", "full"])
    }
}

@Suite("BuildError") struct BuildErrorTests {
    @Test("Resources that ran out are told from other faults")
    func kinds() {
        func kind(_ errno: Errno, _ kind: BuildError.Kind = .machine) -> BuildError.Kind {
            BuildError(SyscallError("write", "x", errno), doing: "writing", kind: kind).kind
        }
        #expect(kind(.noSpace) == .resource)
        #expect(kind(Errno(rawValue: EDQUOT)) == .resource)
        #expect(kind(.readOnlyFileSystem) == .resource)
        #expect(kind(.tooManyOpenFiles, .input) == .resource)
        #expect(kind(.permissionDenied, .input) == .input)
        #expect(kind(.permissionDenied) == .machine)
    }

    @Test("An image that is not there is a fault of what was named, not of the machine")
    func missingImage() {
        func kind(_ errno: Errno) -> BuildError.Kind? {
            do throws(ImageError) {
                try ImageError.named { () throws(SyscallError) in throw SyscallError("open", "gone.tar", errno) }
                return nil
            } catch {
                return BuildError(error).kind
            }
        }
        #expect(kind(.noSuchFileOrDirectory) == .input)
        #expect(kind(.notDirectory) == .input)
        #expect(kind(.ioError) == .machine)
        #expect(kind(.noSpace) == .resource)
        // What nobody named should have been there.
        let own = ImageError.system(SyscallError("open", "tmp/1/2", .noSuchFileOrDirectory))
        #expect(BuildError(own).kind == .machine)
    }

    @Test("The first place that an error is given stays")
    func place() {
        let error = BuildError(.recipe, "x", "y").at(nil).at(SourceSpan(1, 2)).at(SourceSpan(3, 4))
        #expect(error.span == SourceSpan(1, 2))
    }
}
