import Builder
import Frontend
import OCI
import SystemPackage
import Testing

@testable import layerbuild

@Suite("Names on the command line are told apart by their bytes")
struct ExactFlagTests {
    private static let composed = "\u{E9}"
    private static let decomposed = "e\u{301}"
    private static var both: [String] { [composed, decomposed] }

    private let scene: Scene

    init() throws {
        scene = try Scene()
        scene.makeFile("key")
        scene.makeFolder("files")
    }

    @Test("those of build arguments")
    func buildArguments() throws {
        let request = try scene.request(
            "--build-arg", "\(Self.composed)=1", "--build-arg", "\(Self.decomposed)=2", "--build-arg", "A=\u{301}x")
        #expect(Self.both.map { request.plan.arguments[$0] } == ["1", "2"])
        #expect(request.plan.arguments["A"] == "\u{301}x")
    }

    @Test("those in a file of build arguments, whose lines end as lines of Unix or of Windows do")
    func buildArgumentFile() throws {
        let lines = [
            "\(Self.composed)=1\r\n", "\(Self.decomposed)=2\n", "A=\u{301}x\r\n", "B=a\u{2028}b\u{B}c\u{C}d\u{85}e\n",
            "#\u{301}=comment\n", "\r\n", "  C=c \r\n", "D=a\rb",
        ]
        scene.makeFile("arguments", holding: Array(lines.joined().utf8))
        let arguments = try scene.request("--build-arg-file", "arguments").plan.arguments
        let values = (Self.both + ["A", "B", "C", "D"]).map { Array((arguments[$0] ?? "").utf8) }
        let expected = ["1", "2", "\u{301}x", "a\u{2028}b\u{B}c\u{C}d\u{85}e", "c ", "a\rb"]
        #expect(values == expected.map { Array($0.utf8) })
        #expect(arguments.names.count == 6)
    }

    @Test("those of variables and labels to leave out")
    func removals() throws {
        let request = try scene.request("--unsetenv", Self.composed, "--unsetlabel", Self.decomposed)
        #expect(Self.both.map(request.plan.removedVariables.contains) == [true, false])
        #expect(Self.both.map(request.plan.removedLabels.contains) == [false, true])
    }

    @Test("those of secrets")
    func secrets() throws {
        let request = try scene.request(
            "--secret", "id=\(Self.composed),env=A", "--secret", "id=\(Self.decomposed),src=key", "--secret",
            "id=\u{301},env=\u{301}B")
        #expect(request.secrets[Self.composed] == .environment("A"))
        #expect(request.secrets[Self.decomposed] == .file(scene.folder.appending("key")))
        #expect(request.secrets["\u{301}"] == .environment("\u{301}B"))
    }

    @Test("those of agents")
    func agents() throws {
        let request = try scene.request("--ssh", "\(Self.composed)=/dev/null", "--ssh", "\(Self.decomposed)=/dev/zero")
        #expect(Self.both.map { request.sshAgents[$0] } == ["/dev/null", "/dev/zero"])
    }

    @Test("those of contexts")
    func contexts() throws {
        let request = try scene.request(
            "--build-context", "\(Self.composed)=files", "--build-context", "\(Self.decomposed)=docker-image://busybox")
        #expect(request.namedContexts[Self.composed] == .path(scene.folder.appending("files")))
        #expect(request.namedContexts[Self.decomposed] == .name("busybox"))
        #expect(request.plan.folderContexts == [ExactText(Self.composed)])
        #expect(request.plan.imageContexts == [ExactText(Self.decomposed)])
    }

    @Test("those of cache mounts that stay, and of annotations")
    func others() throws {
        let request = try scene.request(
            "--cache-to", "dest=c,without=\(Self.composed)", "--annotation", "\(Self.composed)=1", "--annotation",
            "\(Self.decomposed)=2")
        #expect(request.cacheTargets.map(\.mounts.excluded) == [[ExactText(Self.composed)]])
        let annotations = try #require(request.annotations[request.plan.platform])
        #expect(Self.both.map { annotations.document[$0] } == ["1", "2"])
    }

    @Test("and what follows a mark begins with whatever it begins with")
    func marks() throws {
        let request = try scene.request(
            "-o", "dest=\u{301}x", "--label", "a=\u{301}b", "--annotation", "manifest:\u{301}c=\u{301}d")
        #expect(request.outputs.map(\.path) == [scene.folder.appending("\u{301}x")])
        #expect(request.plan.labels == [.init(name: "a", value: "\u{301}b")])
        #expect(request.annotations[request.plan.platform]?.document["\u{301}c"] == "\u{301}d")
        let volume = try StepVolumeOption("key:/\u{301}t:ro", in: scene.surroundings()).volume
        #expect(volume.target == "/\u{301}t")
    }
}
