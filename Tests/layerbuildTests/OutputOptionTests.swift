import Frontend
import OCI
import SystemPackage
import Testing

@testable import Builder
@testable import layerbuild

@Suite("An output")
struct OutputOptionTests {
    private let scene: Scene

    init() throws {
        scene = try Scene()
        scene.makeFolder("there")
    }

    private func output(_ text: String) throws -> Output {
        try OutputOption(text, in: scene.surroundings()).output
    }

    @Test(
        "is a file, a folder or a form with a place",
        arguments: [
            ("x.tar", Output.Form.image, "x.tar"), ("new/", .local, "new"), ("there", .local, "there"),
            ("a=b.tar", .image, "a=b.tar"), ("type=oci,dest=x", .oci, "x"), ("dest=x,type=docker", .docker, "x"),
            ("type=oci-dir,dest=x", .ociFolder, "x"), ("type=local,dest=x", .local, "x"),
            ("type=rootfs,dest=x", .local, "x"), ("type=tar,dest=x", .tar, "x"), ("dest=x", .image, "x"),
            ("type=oci,\"dest=a,b\"", .oci, "a,b"), ("type=oci,\"dest=a\"\"b\"", .oci, "a\"b"),
        ])
    func forms(_ text: String, _ form: Output.Form, _ name: String) throws {
        #expect(try output(text) == Output(form: form, destination: .path(scene.folder.appending(name))))
    }

    @Test("goes to standard output where an archive can")
    func standardOutput() throws {
        #expect(try output("-") == Output(form: .image, destination: .standardOutput))
        #expect(try output("type=tar,dest=-") == Output(form: .tar, destination: .standardOutput))
        #expect(try output("type=cacheonly").form == .none)
        #expect(failure { _ = try output("type=local,dest=-") }?.exitCode == .usage)
        #expect(failure { _ = try OutputOption("-", in: scene.surroundings(showsOutput: true)) }?.exitCode == .usage)
    }

    @Test(
        "that cannot be meant is refused",
        arguments: [
            ("type=oic,dest=x", "`--output type=` does not take `oic`"), ("type=oci", "`type=oci` says no place"),
            ("type=oci,dst=x", "`--output` has no field `dst`"), ("type=oci,dest=x,dest=y", "`dest` stands twice"),
            ("type=oci,x", "`x` in `--output` has no value"), ("", "`--output` is empty"),
            ("type=oci,\"dest=x", "has a quote without its partner"),
        ])
    func refused(_ text: String, _ message: String) throws {
        let failure = try #require(failure { _ = try output(text) })
        #expect(failure.exitCode == .usage)
        #expect(failure.diagnostic.message.contains(message))
    }
}

@Suite("A source of an image")
struct SourceOptionTests {
    @Test("is a path or a transport with what it needs")
    func sources() throws {
        let scene = try Scene()
        for name in ["a:b.tar", "l", "x.tar"] { scene.makeFile(name) }
        func source(_ text: String) throws -> ImageSource {
            try SourceOption.source(text, of: "the source", in: scene.surroundings())
        }
        let layout = scene.folder.appending("l")
        #expect(try source("l") == .path(layout))
        #expect(try source("oci:l:v1") == .ociFolder(layout, reference: "v1"))
        #expect(try source("oci:l") == .ociFolder(layout, reference: nil))
        #expect(try source("oci-layout://l@sha256:0") == .ociFolder(layout, reference: "sha256:0"))
        #expect(try source("oci-archive:a:b.tar") == .ociArchive(scene.folder.appending("a:b.tar"), reference: nil))
        #expect(
            try source("docker-archive:x.tar:a:b") == .dockerArchive(scene.folder.appending("x.tar"), reference: "a:b"))
        #expect(try source("dir:l") == .directory(layout))
        #expect(try source("rootfs:l") == .rootfs(layout))
        #expect(try source("docker://debian") == .registry(try #require(Reference("debian"))))
        #expect(try source("docker-image://debian") == .name("debian"))
        #expect(failure { _ = try source("dir:") }?.exitCode == .usage)
        #expect(failure { _ = try source("dir:nowhere") }?.exitCode == .rejectedInput)
    }
}

@Suite("A time limit")
struct DurationOptionTests {
    @Test(
        "is seconds, or numbers with units",
        arguments: [
            ("90", 90), ("90s", 90), ("10m", 600), ("1h30m", 5400), ("0", nil), ("", nil), ("m", nil), ("1m2", nil),
            ("-1", nil), ("9999999999999999999", nil), ("١", nil),
        ] as [(String, Int?)])
    func seconds(_ text: String, _ seconds: Int?) { #expect(DurationOption.seconds(text) == seconds) }
}
