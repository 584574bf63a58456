import Builder
import Frontend
import Glibc
import SystemPackage
import Testing

@testable import layerbuild

@Suite("A secret or an agent")
struct CredentialOptionTests {
    private let scene: Scene

    init() throws {
        scene = try Scene()
        scene.makeFile("key")
        scene.makeFolder("folder")
    }

    private func secret(_ text: String, _ variables: [String: String] = [:]) throws -> SecretOption {
        try SecretOption(text, in: scene.surroundings(variables))
    }

    @Test("comes from the file or the variable that is named")
    func sources() throws {
        let file = SecretSource.file(scene.folder.appending("key"))
        #expect(try secret("id=a,src=key").source == file)
        #expect(try secret("source=key,id=a,type=file").source == file)
        #expect(try secret("id=a,env=TOKEN").source == .environment("TOKEN"))
        #expect(try secret("id=a,type=env,src=TOKEN").source == .environment("TOKEN"))
        #expect(try secret("id=a,src=key").id == "a")
    }

    @Test("without a source is the variable of its name, or else the file")
    func unnamed() throws {
        #expect(try secret("id=key").source == .file(scene.folder.appending("key")))
        #expect(try secret("id=key", ["key": "value"]).source == .environment("key"))
        #expect(try secret("id=key,type=file", ["key": "value"]).source == .file(scene.folder.appending("key")))
    }

    @Test(
        "that cannot be meant is refused",
        arguments: [
            ("src=key", "has no id"), ("id=a,scr=key", "`--secret` has no field `scr`"),
            ("id=a,src=none", "is not at"), ("id=a,src=folder", "is a folder"), ("id=a,src=key,env=B", "and from a"),
            ("id=a,id=b", "`id` stands twice"), ("id=a,src=", "`src` in `--secret` has no value"),
            ("id=a,src=key,type=x", "`--secret type=` does not take `x`"), ("id=a,src", "has no value"),
        ])
    func refused(_ text: String, _ message: String) throws {
        let failure = try #require(failure { _ = try secret(text) })
        #expect(failure.exitCode == .usage)
        #expect(failure.diagnostic.message.contains(message))
    }

    @Test("An agent is a socket, that of SSH_AUTH_SOCK if none is named")
    func agents() throws {
        let socket = scene.folder.appending("key")
        #expect(failure { _ = try AgentOption("default", in: scene.surroundings()) }?.exitCode == .usage)
        #expect(failure { _ = try AgentOption("a=key", in: scene.surroundings()) }?.exitCode == .usage)
        #expect(failure { _ = try AgentOption("a=none", in: scene.surroundings()) }?.exitCode == .usage)
        unlink(socket.string)
        try #require(mkfifo(socket.string, 0o600) == 0)
        let named = try AgentOption("a=key", in: scene.surroundings())
        #expect(named.id == "a" && named.socket == socket)
        let usual = try AgentOption("default", in: scene.surroundings(["SSH_AUTH_SOCK": socket.string]))
        #expect(usual.id == "default" && usual.socket == socket)
    }

    @Test("Two of one name are refused")
    func twice() {
        #expect(failure { _ = try scene.request("--secret", "id=key", "--secret", "id=key") }?.exitCode == .usage)
    }
}
