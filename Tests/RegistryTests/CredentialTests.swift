import Glibc
import Linux
import OCI
import Synchronization
import SystemPackage
import Testing

@testable import Registry

@Suite("Credentials") final class CredentialTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder(in: "/tmp") }

    private func file(_ text: String) throws -> CredentialFile {
        try CredentialFile(parsing: Array(text.utf8), at: "config.json")
    }

    private func write(_ name: String, _ text: String, mode: UInt16 = 0o644) throws {
        try Folder(opening: folder.path).createFile(FilePath(name), mode: mode).write(Array(text.utf8))
    }

    private func store(_ variables: String...) -> CredentialStore {
        CredentialStore(CredentialPlaces(environment: ["PATH=\(folder.path):/usr/bin:/bin"] + variables))
    }

    @Test("The entry that says most about a repository counts") func entries() throws {
        let file = try file(
            """
            {"auths": {"quay.io": {"auth": "\(Base64.encoded(Array("a:1".utf8)))"},
                       "quay.io/team/app": {"auth": "\(Base64.encoded(Array("b:2:3".utf8)))"},
                       "https://index.docker.io/v1/": {"identitytoken": "token", "auth": "eDp5"},
                       "http://plain.local:5000/v2/": {"auth": "eDp5"}}}
            """)
        #expect(file.credentials("quay.io", "team/other") == .password(user: "a", password: "1"))
        #expect(file.credentials("quay.io", "team/app/x") == .password(user: "b", password: "2:3"))
        #expect(file.credentials("docker.io", "library/debian") == .identityToken("token"))
        #expect(file.credentials("plain.local:5000", "x") == .password(user: "x", password: "y"))
        #expect(file.credentials("quay.io.evil.com", "team/app") == nil)
    }

    @Test("A file that is no object in JSON is an error", arguments: ["[", "[]", "{\"a\": 1, \"a\": 2}"])
    func damaged(text: String) throws { #expect(throws: RegistryError.self) { try file(text) } }

    @Test("A password is kept for nobody else to read, and the rest of the file stays") func keeping() throws {
        try write("config.json", #"{"psFormat": "x", "auths": {"a": {"auth": "eDp5"}}}"#)
        let store = store("DOCKER_CONFIG=\(folder.path)")
        #expect(
            try store.keep("r.example", user: "me", password: "secret") == folder.path.appending("config.json").string)
        #expect(try store.credentials("r.example", "x") == .password(user: "me", password: "secret"))
        #expect(try store.credentials("a", "x") == .password(user: "x", password: "y"))
        let kept = try File(opening: folder.path.appending("config.json"))
        #expect(try kept.status().mode == 0o600)
        let text = String(decoding: try kept.readAll(limit: 4096), as: UTF8.self)
        #expect(text.contains("psFormat") && !text.contains("secret"))
        #expect(try store.forget("r.example").count == 1)
        #expect(try store.credentials("r.example", "x") == nil)
        #expect(try store.forget("r.example") == [])
    }

    @Test("A link to the file stays a link, and what it leads to is written", arguments: ["there", "not there"])
    func link(target: String) throws {
        let home = try Folder(opening: folder.path)
        try home.makeFolder("dotfiles")
        try home.makeLink("dotfiles/link", target: Array("config.json".utf8))
        try home.makeLink("config.json", target: Array("\(folder.path)/dotfiles/link".utf8))
        if target == "there" { try write("dotfiles/config.json", #"{"psFormat": "x"}"#, mode: 0o640) }
        let store = store("DOCKER_CONFIG=\(folder.path)")
        _ = try store.keep("r.example", user: "me", password: "secret")
        #expect(try home.status(of: "config.json")?.kind == .symbolicLink)
        #expect(try home.status(of: "dotfiles/link")?.kind == .symbolicLink)
        #expect(try home.status(of: "dotfiles/config.json")?.mode == (target == "there" ? 0o640 : 0o600))
        #expect(try store.credentials("r.example", "x") == .password(user: "me", password: "secret"))
        #expect(try home.openFolder("dotfiles").entries().count == 2)
    }

    @Test("Links that lead in a circle are an error") func circle() throws {
        let home = try Folder(opening: folder.path)
        try home.makeLink("config.json", target: Array("config.json".utf8))
        #expect(throws: RegistryError.self) {
            try self.store("DOCKER_CONFIG=\(self.folder.path)").keep("r.example", user: "me", password: "secret")
        }
    }

    @Test("Of passwords that are kept at the same time none is lost, and none of those that were forgotten comes back")
    func together() throws {
        let place = folder.path.appending("not/there/yet/config.json")
        let store = store("REGISTRY_AUTH_FILE=\(place)")
        let failures = Mutex<[String]>([])
        do {
            let threads = try (0..<8).map { thread in
                try JoinedThread {
                    do {
                        for round in 0..<10 {
                            _ = try store.keep("\(thread)-\(round).example", user: "me", password: "p")
                            if round > 0 { _ = try store.forget("\(thread)-\(round - 1).example") }
                        }
                    } catch { failures.withLock { $0.append("\(error)") } }
                }
            }
            for thread in threads { thread.join() }
        }
        #expect(failures.withLock { $0 } == [])
        for thread in 0..<8 {
            #expect(try store.credentials("\(thread)-8.example", "x") == nil)
            #expect(try store.credentials("\(thread)-9.example", "x") != nil)
        }
        #expect(try Folder(opening: place.removingLastComponent()).entries().count == 1)
    }

    @Test("A device stays what it is", .enabled(if: geteuid() == 0, "needs root")) func device() throws {
        let null = DeviceNumber(major: 1, minor: 3)
        try Folder(opening: folder.path).makeNode("auth.json", .characterDevice, mode: 0o600, device: null)
        #expect(throws: RegistryError.self) {
            try self.store("REGISTRY_AUTH_FILE=\(self.folder.path)/auth.json").keep("r", user: "me", password: "p")
        }
        #expect(try Folder(opening: folder.path).status(of: "auth.json")?.kind == .characterDevice)
    }

    @Test("REGISTRY_AUTH_FILE stands for all other places") func places() throws {
        try write("config.json", #"{"auths": {"a": {"auth": "eDp5"}}}"#)
        try write("auth.json", #"{"auths": {"b": {"auth": "eDp5"}}}"#)
        let store = store("DOCKER_CONFIG=\(folder.path)", "REGISTRY_AUTH_FILE=\(folder.path)/auth.json")
        #expect(try store.credentials("b", "x") != nil)
        #expect(try store.credentials("a", "x") == nil)
    }

    @Test("A helper is asked, and what it writes to is what it keeps") func helper() throws {
        try write("config.json", #"{"credsStore": "test", "credHelpers": {"token.io": "token", "junk.io": "junk"}}"#)
        try write(
            "docker-credential-test",
            """
            #!/bin/sh
            case $1 in
                get) read host; [ -f \(folder.path)/kept ] || { echo credentials not found in native keychain; exit 1; }
                    cat \(folder.path)/kept;;
                store) cat >\(folder.path)/kept;;
                erase) rm \(folder.path)/kept;;
            esac
            """, mode: 0o755)
        try write(
            "docker-credential-token", "#!/bin/sh\necho '{\"Username\":\"<token>\",\"Secret\":\"s\"}'\n", mode: 0o755)
        try write("docker-credential-junk", "#!/bin/sh\nhead -c 100000 /dev/zero\n", mode: 0o755)
        let store = store("DOCKER_CONFIG=\(folder.path)")
        #expect(try store.credentials("r.example", "x") == nil)
        #expect(try store.keep("r.example", user: "me", password: "p") == "docker-credential-test")
        #expect(try store.credentials("r.example", "x") == .password(user: "me", password: "p"))
        #expect(try store.forget("r.example") == ["docker-credential-test"])
        #expect(try store.credentials("token.io", "x") == .identityToken("s"))
        #expect(throws: RegistryError.self) { try store.credentials("junk.io", "x") }
    }

    @Test("A helper that does not forget is told of") func unforgetting() throws {
        try write("config.json", #"{"credsStore": "firm"}"#)
        try write(
            "docker-credential-firm",
            """
            #!/bin/sh
            [ $1 = get ] && echo '{"Username":"me","Secret":"s"}'
            """, mode: 0o755)
        let problem = "`docker-credential-firm erase` did not forget the credentials for `r`"
        #expect(throws: RegistryError.credentials(problem)) {
            try self.store("DOCKER_CONFIG=\(self.folder.path)").forget("r")
        }
    }
}
