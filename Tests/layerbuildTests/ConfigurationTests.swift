import Frontend
import Glibc
import Linux
import OCI
import SystemPackage
import Testing

@testable import layerbuild

@Suite("The configuration")
struct ConfigurationTests {
    private let scene: Scene

    init() throws { scene = try Scene() }

    private func write(_ name: String, _ text: String) throws -> String {
        scene.makeFile(name)
        let path = scene.folder.appending(name)
        try File(opening: path, O_WRONLY | O_TRUNC).write(Array(text.utf8))
        return path.string
    }

    private func read(_ text: String) throws -> Configuration {
        try Configuration.read(in: scene.surroundings(["LAYERBUILD_CONFIG": try write("named.json", text)]))
    }

    @Test("is looked for on the machine, then with the user; one that is named stands for both")
    func places() throws {
        let shared = Configuration.files(in: scene.surroundings(["XDG_CONFIG_HOME": "/x", "HOME": "/h"]))
        #expect(shared.map(\.path) == ["/etc/layerbuild/config.json", "/x/layerbuild/config.json"])
        let home = Configuration.files(in: scene.surroundings(["XDG_CONFIG_HOME": "x", "HOME": "/h"]))
        #expect(home.map(\.path) == ["/etc/layerbuild/config.json", "/h/.config/layerbuild/config.json"])
        let named = Configuration.files(in: scene.surroundings(["LAYERBUILD_CONFIG": "/c.json", "HOME": "/h"]))
        #expect(named.map(\.path) == ["/c.json"])
    }

    @Test("that is not there says nothing, unless it was named")
    func absent() throws {
        let home = scene.surroundings(["HOME": "\(scene.folder)/nobody"])
        #expect(throws: Never.self) { try Configuration.read(in: home) }
        let named = scene.surroundings(["LAYERBUILD_CONFIG": "nowhere.json"])
        let failure = failure { _ = try Configuration.read(in: named) }
        #expect(failure?.exitCode == .usage)
        #expect(failure?.diagnostic.code == "configuration")
        #expect(failure?.diagnostic.message.contains("nowhere.json") == true)
    }

    @Test("says what the store may take")
    func limit() throws {
        #expect(try read("{}") == Configuration())
        #expect(try read(#"{"store": {"maxSize": "20GB"}}"#).maximumStoreSize == 20_000_000_000)
    }

    @Test("says what names of repositories stand for")
    func aliases() throws {
        let configuration = try read(#"{"registries": {"aliases": {"debian": "r.example:5000/base/debian"}}}"#)
        let debian = try #require(Reference("docker.io/library/debian"))
        #expect(configuration.registryAliases == [debian: try #require(Reference("r.example:5000/base/debian"))])
    }

    @Test("that sets the same key later wins, and leaves the others alone")
    func order() throws {
        var configuration = try read(#"{"store": {"maxSize": "1GB"}}"#)
        configuration.maximumStoreSize = 7
        try configuration.apply(ConfigurationSection(file: "b", JSONObject()))
        #expect(configuration.maximumStoreSize == 7)
    }

    @Test(
        "is refused where it says something that is not known",
        arguments: [
            (#"{"stor": {}}"#, "there is no key `stor`", "did you mean `store`?"),
            (#"{"store": {"size": "1GB"}}"#, "there is no key `size` in `store`", "the keys are `maxSize`"),
            (#"{"store": {"maxsize": "1GB"}}"#, "there is no key `maxsize` in `store`", "did you mean `maxSize`?"),
            (#"{"store": []}"#, "`store` is no object", nil),
            (#"{"store": {"maxSize": 5}}"#, "`maxSize` is no string", nil),
            (#"{"store": {"maxSize": "much"}}"#, "`maxSize` is `much`", "write bytes, or a size such as `20GB`"),
            (
                #"{"registries": {"aliases": {"debian:12": "x"}}}"#, "`debian:12` in `aliases` is no name",
                "write it without a tag, such as `debian` or `registry.example/base/debian`"
            ),
            ("[]", "is no JSON object", "an empty one is `{}`"),
            ("{", "is no JSON", nil),
        ])
    func refusals(text: String, message: String, hint: String?) throws {
        let failure = failure { _ = try read(text) }
        #expect(failure?.diagnostic.message.contains(message) == true, "\(String(describing: failure))")
        #expect(failure?.diagnostic.message.contains("named.json") == true)
        #expect(failure?.diagnostic.hint == hint)
        #expect(failure?.exitCode == .usage)
    }

    @Test(
        "takes sizes as people write them",
        arguments: [
            ("0", 0), ("512", 512), ("20GB", 20_000_000_000), ("20gb", 20_000_000_000), ("1.5GB", 1_500_000_000),
            ("2GiB", 2 << 30), ("10k", 10_000), ("7b", 7), ("", nil), ("GB", nil), ("1.GB", nil), ("-1", nil),
            ("1e3", nil), ("9999999999TB", nil), ("0.5", nil), ("1.5b", nil),
        ] as [(String, Int64?)])
    func sizes(text: String, bytes: Int64?) {
        #expect(SizeOption.bytes(text) == bytes)
    }
}
