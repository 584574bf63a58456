import OCI
import Testing

@Suite("ImageConfig") struct ImageConfigTests {
    private func read(_ text: String) throws -> ImageConfig { try ImageConfig(parsing: Array(text.utf8)) }

    private func written(_ config: ImageConfig) -> String { String(decoding: config.serialised(), as: UTF8.self) }

    private let rootfs = #""rootfs":{"type":"layers","diff_ids":["\#(Sample.digest)"]}"#

    @Test("Everything that it may say is written back as it was read")
    func roundTrip() throws {
        let text = """
            {"created":"2020-01-02T03:04:05.678Z","author":"me","architecture":"arm","os":"linux","variant":"v7",\
            "config":{"User":"1:2","ExposedPorts":{"80/tcp":{},"81/udp":{}},"Env":["B=2","A=1"],\
            "Entrypoint":["/e"],"Cmd":["c"],"Volumes":{"/v":{}},"WorkingDir":"/w","Labels":{"a":"1","b":"2"},\
            "StopSignal":"SIGINT","Healthcheck":{"Test":["CMD","x"],"Interval":1,"Retries":3},\
            "OnBuild":["RUN x"],"Shell":["/bin/sh"]},\(rootfs),\
            "history":[{"created":"2020-01-01T00:00:00Z","created_by":"COPY <x> &","comment":"c"},\
            {"author":"a","empty_layer":true}]}
            """
            .replacingAngles()
        #expect(written(try read(text)) == text)
    }

    @Test("Fields that nobody here knows are kept, outside and inside `config`")
    func unknown() throws {
        let text = """
            {"architecture":"amd64","os":"linux","config":{"User":"u","MacAddress":"x","Deep":{"b":[1.50,null],"a":{}}},\
            \(rootfs),"moby.buildkit.buildinfo.v1":"e30=","os.features":["a"]}
            """
        #expect(written(try read(text)) == text)
    }

    @Test("Any number of them takes time in proportion", .timeLimit(.minutes(10)))
    func manyUnknown() throws {
        let members = (0..<30_000).map { ",\"unknown\($0)\":\($0)" }.joined()
        let platform = "\"architecture\":\"amd64\",\"os\":\"linux\""
        let text = "{\(platform),\"rootfs\":{\"type\":\"layers\"},\"config\":{\"User\":\"1\"\(members)}\(members)}"
        let config = try ImageConfig(parsing: Array(text.utf8))
        let again = try ImageConfig(parsing: config.serialised())
        #expect(again.unknown.members.count == 30_000 && again.container.unknown.members.count == 30_000)
    }

    @Test("What docker's classic builder said of its container is dropped")
    func classic() throws {
        let config = try read(
            """
            {"architecture":"amd64","os":"linux","container":"abc","container_config":{"Cmd":["x"]},\(rootfs),\
            "docker_version":"20","config":{"Hostname":"h","Domainname":"","Image":"sha256:1","AttachStdin":false,\
            "AttachStdout":true,"AttachStderr":true,"Tty":false,"OpenStdin":false,"StdinOnce":false,"Cmd":null}}
            """)
        #expect(
            written(config)
                == #"{"architecture":"amd64","os":"linux","config":{},\#(rootfs),"docker_version":"20"}"#)
    }

    @Test("Not set and set to nothing are two things for a command and an entrypoint")
    func nothing() throws {
        let unset = try read(#"{"architecture":"a","os":"b",\#(rootfs),"config":{"Entrypoint":null}}"#).container
        let empty = try read(#"{"architecture":"a","os":"b",\#(rootfs),"config":{"Entrypoint":[],"Cmd":[]}}"#).container
        #expect(unset.entrypoint == nil)
        #expect(unset.command == nil)
        #expect(empty.entrypoint == [])
        #expect(empty.command == [])
    }

    @Test("What says no more than the default is as if it were not there")
    func defaults() throws {
        let text = #"{"architecture":"a","os":"b",\#(rootfs),"config":{"User":"","WorkingDir":"","Healthcheck":"#
        let said = try read(text + #"{"Interval":0,"Timeout":0,"StartPeriod":0,"StartInterval":0,"Retries":0}}}"#)
        #expect(try said == read(text + "{}}}"))
        #expect(try said == read(written(said)))
    }

    @Test(
        "What has the wrong type is refused",
        arguments: [
            #""config":[]"#, #""config":{"Env":"A=1"}"#, #""config":{"Env":[1]}"#, #""config":{"User":0}"#,
            #""config":{"Cmd":{}}"#, #""config":{"Volumes":[]}"#, #""config":{"Labels":{"a":1}}"#,
            #""config":{"Healthcheck":[]}"#, #""config":{"Healthcheck":{"Interval":1.5}}"#, #""history":{}"#,
            #""history":[1]"#, #""history":[{"empty_layer":"true"}]"#, #""created":1"#, #""variant":7"#,
        ])
    func wrong(field: String) {
        #expect(throws: OCIError.self) { try read(#"{"architecture":"a","os":"b",\#(rootfs),\#(field)}"#) }
    }

    @Test(
        "Without a platform or layers it is none",
        arguments: [
            #""os":"b","rootfs":{"type":"layers","diff_ids":[]}"#, #""architecture":"a","rootfs":{"type":"layers"}"#,
            #""architecture":"a","os":"b""#, #""architecture":"a","os":"b","rootfs":{"diff_ids":[]}"#,
            #""architecture":"a","os":"b","rootfs":{"type":"zfs","diff_ids":[]}"#,
            #""architecture":"a","os":"b","rootfs":{"type":"layers","diff_ids":["sha256:1"]}"#,
        ])
    func incomplete(text: String) { #expect(throws: OCIError.self) { try read("{\(text)}") } }

    @Test("The chain goes over all layers; scratch has none")
    func chain() throws {
        var config = ImageConfig(platform: .host)
        #expect(config.chain == nil)
        let layers = [Digest.of([1]), Digest.of([2])].map(DiffID.init)
        config.diffIDs = layers
        #expect(config.chain == ChainID(layers[1], over: ChainID(layers[0], over: nil)))
    }

    @Test("A variable is set in its old place or at the end, and read back whole")
    func variables() {
        var container = ContainerConfig()
        container.environment = ["PATH=/bin", "PATHS=x"]
        container.setEnvironment("PATH", to: "/sbin=a")
        container.setEnvironment("NEW", to: "")
        #expect(container.environment == ["PATH=/sbin=a", "PATHS=x", "NEW="])
        #expect(container.environmentValue(of: "PATH") == "/sbin=a")
        #expect(container.environmentValue(of: "NEW") == "")
        #expect(container.environmentValue(of: "PAT") == nil)
    }
}

extension String {
    /// The text as Go's encoder spells it.
    fileprivate func replacingAngles() -> String {
        map { ["<": "\\u003c", ">": "\\u003e", "&": "\\u0026"][$0] ?? String($0) }.joined()
    }
}
