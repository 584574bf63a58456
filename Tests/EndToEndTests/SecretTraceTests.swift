import SystemPackage
import Testing

/// A secret is used in all three ways, and then looked for wherever a build writes.
@Suite("Secrets leave no trace", .needsRoot)
struct SecretTraceTests {
    /// What is looked for: each value as it is, in base64 at any of the three alignments, and in hexadecimal of either
    /// case. One line a form.
    private static let forms = #"""
        import base64, sys
        for name in sys.argv[1:]:
            value = open(name, "rb").read().strip()
            sys.stdout.buffer.write(value + b"\n")
            for shift in range(3):
                coded = base64.b64encode(bytes(shift) + value)
                sys.stdout.buffer.write(coded[4 if shift else 0:-4] + b"\n")
            print(value.hex(), value.hex().upper(), sep="\n", flush=True)
        """#

    private let bench: Bench

    init() throws {
        bench = try Bench()
        try bench.importBase()
        try bench.shell(
            """
            mkdir outside
            for name in file variable; do head -c 30 /dev/urandom | base64 -w0 >outside/$name; done
            ssh-keygen -q -t ed25519 -N '' -C nobody -f outside/key
            sed -n 3p outside/key >outside/private
            """)
        try bench.write("outside/forms.py", Self.forms)
        try bench.shell("cd outside && python3 forms.py file variable private >patterns")
    }

    /// Builds with an agent that holds the key, and keeps all that the build says and writes in `found`.
    private func build(_ recipe: String, _ flags: String = "") throws -> String {
        try bench.write("Recipe", recipe)
        return try bench.shell(
            """
            mkdir -p found && eval "$(ssh-agent -a "$PWD/outside/agent")" >/dev/null
            trap 'kill $SSH_AGENT_PID' EXIT
            ssh-add -q outside/key
            export TOKEN="$(cat outside/variable)"
            '\(Bench.program)' --progress=plain --log-file found/log --metadata-file found/metadata --iidfile found/id \\
                --compression none -o type=oci-dir,dest=found/layout -o type=tar,dest=found/files.tar -t traced \\
                --secret id=file,src=outside/file --secret id=variable,env=TOKEN --ssh default \(flags) \\
                -f Recipe context >found/output 2>found/errors || echo failed
            """)
    }

    /// The files below the store and `found` in which a form of a secret stands.
    private func traces() throws -> String {
        try bench.shell("cd '\(bench.path)' && { grep -rlaF -f outside/patterns found store || true; } | LC_ALL=C sort")
    }

    private static let use = """
        RUN --mount=type=secret,id=file,required --mount=type=secret,id=variable,env=TOKEN,required \\
            --mount=type=ssh,required test -s /run/secrets/file && test -n "$TOKEN" && test -S "$SSH_AUTH_SOCK"
        """

    @Test("after a build that used a file, a variable and an agent")
    func used() throws {
        #expect(try build("FROM busybox\n\(Self.use) && date >/made\n") == "")
        #expect(try bench.shell("tar -tf found/files.tar | grep -c '^made$'") == "1")
        #expect(try traces() == "")
    }

    @Test("after a build whose step failed while it had them")
    func failed() throws {
        #expect(try build("FROM busybox\n\(Self.use) && exit 3\n") == "failed")
        #expect(try bench.shell("grep -c 'exit code 3' found/errors") == "1")
        #expect(try traces() == "")
    }

    @Test("and one that a step itself copies into its layer is found, in every form")
    func control() throws {
        for form in ["cat", "base64 -w0", "xxd -p -c 100"] {
            _ = try build(
                "FROM busybox\nRUN --mount=type=secret,id=file \(form) </run/secrets/file >/leak\n", "--no-cache")
            #expect(try traces().contains("found/files.tar"), "\(form)")
        }
    }
}
