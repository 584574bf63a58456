import OCI
import Testing

@testable import Builder

@Suite("What a container runs")
struct ContainerCommandTests {
    private let config: ContainerConfig = {
        var config = ContainerConfig()
        config.entrypoint = ["/entry"]
        config.command = ["usual", "words"]
        config.environment = ["PATH=/own", "A=image", "B=image"]
        config.user = "app"
        config.workingDirectory = "/srv"
        return config
    }()

    private func command(_ change: (inout ContainerRequest) -> Void = { _ in }) throws -> ContainerCommand {
        var request = ContainerRequest()
        change(&request)
        return try ContainerCommand(request, over: config)
    }

    @Test("The image's entrypoint gets the image's command, or the words behind the image")
    func arguments() throws {
        #expect(try command().arguments == ["/entry", "usual", "words"])
        #expect(try command { $0.arguments = ["other"] }.arguments == ["/entry", "other"])
    }

    @Test("An entrypoint of one's own has nothing to do with the image's command")
    func entrypoint() throws {
        #expect(try command { $0.entrypoint = ["env"] }.arguments == ["env"])
        #expect(
            try command {
                $0.entrypoint = ["env"]
                $0.arguments = ["-0"]
            }.arguments == ["env", "-0"])
    }

    @Test("A variable's name ends at the equals sign, whatever the value begins with")
    func exactVariables() throws {
        let environment = try command { $0.environment = ["A=\u{301}x", "\u{E9}=1", "e\u{301}=2"] }.environment
        #expect(environment.filter { $0.utf8.starts(with: "A=".utf8) } == ["A=\u{301}x"])
        #expect(environment.suffix(2).map { Array($0.utf8) } == ["\u{E9}=1", "e\u{301}=2"].map { Array($0.utf8) })
    }

    @Test("Any number of variables is put together, each once", .timeLimit(.minutes(10)))
    func manyVariables() throws {
        let many = (0..<50_000).map { "V\($0)=1" }
        let environment = try command { $0.environment = many + many.map { $0 + "2" } }.environment
        #expect(environment.count == 4 + many.count)
        #expect(environment.last == "V49999=12")
    }

    @Test("Nothing to run is an error")
    func nothing() throws {
        #expect(throws: BuildError.self) { try ContainerCommand(ContainerRequest(), over: ContainerConfig()) }
        #expect(throws: BuildError.self) { try command { $0.entrypoint = [] } }
    }

    @Test("Variables of the request win over the image's, and those over the usual ones")
    func environment() throws {
        let environment = try command { $0.environment = ["A=asked", "C=asked"] }.environment
        #expect(environment == ["PATH=/own", "HOSTNAME=layerbuild", "A=asked", "B=image", "C=asked"])
        #expect(try command { $0.output = .terminal }.environment.contains("TERM=xterm"))
    }

    @Test("User and folder are the image's unless others are asked for, root and / in the end")
    func userAndFolder() throws {
        let usual = try command()
        #expect(usual.user == "app" && usual.directory == "/srv")
        let asked = try command {
            $0.user = "5"
            $0.workingDirectory = "/etc"
        }
        #expect(asked.user == "5" && asked.directory == "/etc")
        var request = ContainerRequest()
        request.arguments = ["true"]
        let bare = try ContainerCommand(request, over: ContainerConfig())
        #expect(bare.user == "0" && bare.directory == "/")
    }
}
