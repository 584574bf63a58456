import SystemPackage
import TestSupport
import Testing

@Suite("A registry that is guarded", .needsRoot, .timeLimit(.minutes(10))) struct GuardedRegistryTests {
    /// What stands before a registry, and who keeps the password for it.
    struct Guard: CustomTestStringConvertible {
        enum Keeper {
            case file
            /// A credential helper.
            case program
        }

        var isEncrypted = false
        var password: Keeper?

        var testDescription: String {
            let keeper =
                switch password {
                case nil: "no password"
                case .file: "a password in a file"
                case .program: "a password that a program keeps"
                }
            return (isEncrypted ? "TLS, " : "plain, ") + keeper
        }
    }

    private static let recipe = """
        FROM busybox
        COPY file /file
        RUN echo made >/made
        CMD ["cat", "/file"]
        """

    /// A credential helper that keeps what it is given in a file beside it.
    private static let helper = """
        #!/bin/sh
        kept=$(dirname "$0")/kept.json
        case $1 in
            store) cat >"$kept" ;;
            get)
                read -r url
                [ -e "$kept" ] && jq -e --arg url "$url" 'select(.ServerURL == $url)' "$kept" && exit
                echo "credentials not found in native keychain" && exit 1 ;;
            erase) rm "$kept" ;;
        esac
        """

    private let here: Bench
    private let there: Bench

    init() throws {
        here = try Bench()
        there = try Bench()
        try here.importBase()
        try here.write("context/file", "contents\n")
        try there.write("context/x", "")
    }

    private func registry(_ guarding: Guard) throws -> (DockerRegistry, flags: [String]) {
        if guarding.password != nil { try here.shell("htpasswd -Bbc passwords me secret 2>/dev/null") }
        let passwords = guarding.password.map { _ in here.appending("passwords") }
        guard guarding.isEncrypted else { return (try DockerRegistry(on: here, passwords: passwords), []) }
        let certificates = try Certificates(in: here.path)
        let leaf = try certificates.leaf(for: "IP:127.0.0.1", days: 2)
        let registry = try DockerRegistry(
            on: here, certificate: leaf.certificate, key: leaf.key, passwords: passwords)
        return (registry, ["--registry-ca=\(certificates.authority)"])
    }

    /// Runs layerbuild with the bench's folder of programs in front of all others.
    private func run(_ bench: Bench, _ arguments: [String]) throws -> Outcome {
        let path = bench.environment.first { $0.hasPrefix("PATH=") }?.dropFirst(5) ?? ""
        return try bench.start(arguments, by: ["env", "PATH=\(bench.appending("bin")):\(path)"]).finish()
    }

    private func build(_ bench: Bench, _ recipe: String, _ flags: [String]) throws -> Outcome {
        try run(bench, try bench.buildArguments(recipe, flags))
    }

    private func login(
        _ bench: Bench, _ registry: DockerRegistry, _ flags: [String], _ keeper: Guard.Keeper = .file,
        password: String = "secret"
    ) throws -> Outcome {
        if keeper == .program {
            try bench.write("bin/docker-credential-shelf", Array(Self.helper.utf8), mode: 0o755)
            try bench.write(".docker/config.json", #"{"credsStore": "shelf"}"#)
        }
        try bench.write("password", "\(password)\n")
        let command = "PATH=\(bench.appending("bin")):$PATH; \"$@\" <../password"
        let arguments = ["login", "-u", "me", "--password-stdin"] + flags + [registry.host]
        return try bench.start(arguments, by: ["bash", "-c", command, "bash"]).finish()
    }

    @Test(
        "What is pushed comes back the same on a machine that has nothing, and runs there",
        arguments: [
            Guard(isEncrypted: true), Guard(password: .file), Guard(password: .program),
            Guard(isEncrypted: true, password: .file), Guard(isEncrypted: true, password: .program),
        ])
    func roundTrip(guarding: Guard) throws {
        let (registry, flags) = try registry(guarding)
        let name = "\(registry.host)/team/app:1"
        if let keeper = guarding.password {
            for bench in [here, there] {
                let outcome = try login(bench, registry, flags, keeper)
                #expect(outcome.exitCode == 0, "\(outcome)")
            }
        }
        let digest = try expectSuccess(try build(here, Self.recipe, ["-t", name, "--push"] + flags))
        let credentials = guarding.password == nil ? "" : "--creds me:secret"
        let trust = guarding.isEncrypted ? "--cert-dir authorities" : "--tls-verify=false"
        if guarding.isEncrypted { try here.shell("mkdir authorities; cp authority.crt authorities/") }
        let seen = "skopeo inspect \(trust) \(credentials) --format '{{.Digest}}' docker://\(name)"
        #expect(try here.shell(seen) == digest)

        #expect(try expectSuccess(try run(there, ["import", "docker://\(name)"] + flags)) == digest)
        #expect(try run(there, ["rm", name]).exitCode == 0)
        let ran = try run(there, ["run"] + flags + [name])
        #expect(ran.output == "contents\n", "\(ran)")
        try expectSuccess(try build(there, "FROM \(name)\nRUN test \"$(cat /made)\" = made\n", flags))

        guard let keeper = guarding.password else { return }
        let kept = try there.shell("cat .docker/config.json")
        #expect(kept.contains("auths") == (keeper == .file), "\(kept)")
        #expect(try run(there, ["logout", registry.host]).exitCode == 0)
        #expect(!there.exists("bin/kept.json"))
        expectFailure(try run(there, ["import", "docker://\(name)"] + flags), exit: 4, saying: "credentials")
    }

    @Test("podman and buildah push to it and pull from it, whatever the form and the packing") func otherTools() throws
    {
        let (registry, flags) = try registry(Guard(isEncrypted: true, password: .file))
        let access = "--cert-dir authorities --creds me:secret"
        let storage = "--root \(here.path)/storage --runroot \(here.path)/storage-run --storage-driver vfs"
        try here.shell("mkdir authorities tree; cp authority.crt authorities/; tar -xf base.tar -C tree")
        try here.write("Containerfile", "FROM scratch\nCOPY tree /\nCMD [\"cat\", \"/packing\"]\n")
        for bench in [here, there] { #expect(try login(bench, registry, flags).exitCode == 0) }
        for (form, packing) in [("oci", "gzip"), ("oci", "zstd"), ("docker", "gzip")] {
            let kind = form == "oci" ? "oci" : "v2s2"
            for tool in ["buildah", "podman"] {
                let name = "\(registry.host)/\(tool)/\(form):\(packing)"
                try here.shell(
                    """
                    # Bytes that no registry has yet, or they would be taken over as they are packed there.
                    echo \(tool) \(form) \(packing) >tree/packing
                    buildah \(storage) bud -q --isolation chroot --format \(form) -f Containerfile -t \(name) . >/dev/null
                    \(tool) \(storage) push -q \(access) --format \(kind) --compression-format \(packing) \
                        \(name) docker://\(name)
                    """)
                let raw = try here.shell("skopeo inspect --raw \(access) docker://\(name)")
                #expect(raw.contains(packing) && raw.contains(form == "oci" ? "vnd.oci" : "vnd.docker"), "\(raw)")
                let digest = try here.shell("skopeo inspect --format '{{.Digest}}' \(access) docker://\(name)")
                #expect(try expectSuccess(try run(there, ["import", "docker://\(name)"] + flags)) == digest)
                #expect(try run(there, ["run", name]).output == "\(tool) \(form) \(packing)\n")
            }
        }
        let limits = "--network none --ulimit nofile=1024:1024 --ulimit nproc=1024:1024"
        for packing in ["gzip", "zstd"] {
            let name = "\(registry.host)/ours:\(packing)"
            try expectSuccess(
                try build(
                    here, "FROM busybox\nRUN echo \(packing) >/packing\nCMD [\"cat\", \"/packing\"]\n",
                    ["-t", name, "--push", "--compression=\(packing)"] + flags))
            let said = try here.shell(
                """
                podman \(storage) pull -q \(access) \(name) >/dev/null
                podman \(storage) --cgroup-manager cgroupfs --events-backend file run --rm \(limits) \(name) </dev/null
                container=$(buildah \(storage) from -q \(access) --pull-always \(name))
                buildah \(storage) run --isolation chroot $container cat /packing
                """)
            #expect(said == "\(packing)\n\(packing)")
        }
    }

    @Test("A password that is no text is refused and not changed") func passwordOfBytes() throws {
        try here.write("password", [0x61, 0xFF, 0x62, 0x0A])
        let command = ["bash", "-c", "\"$@\" <../password", "bash"]
        let outcome = try here.start(["login", "-u", "me", "--password-stdin", "127.0.0.1:1"], by: command).finish()
        expectFailure(outcome, exit: 64, saying: "the password is not UTF-8")
    }

    @Test("Whoever does not know its authority or its password is told what to do") func refusals() throws {
        let (registry, authority) = try registry(Guard(isEncrypted: true, password: .file))
        let name = "\(registry.host)/app:1"
        expectFailure(
            try build(here, Self.recipe, ["-t", name, "--push"]), exit: 4, saying: "registry-trust", "--registry-ca")
        expectFailure(
            try build(here, Self.recipe, ["-t", name, "--push"] + authority), exit: 4, saying: "credentials", "login")
        expectFailure(
            try login(here, registry, authority, password: "wrong"), exit: 4, saying: "registry-credentials")
        #expect(!here.exists(".docker/config.json"))
        #expect(try login(here, registry, authority).exitCode == 0)
        #expect(try here.shell("stat -c %a .docker/config.json") == "600")
        let digest = try expectSuccess(try build(here, Self.recipe, ["-t", name, "--push"] + authority))
        #expect(
            try expectSuccess(
                try here.layerbuild("import", "docker://\(name)", "--insecure-registry", registry.host)) == digest)
    }
}
