import SystemPackage
import Testing

/// The smallest base that has a shell: Debian's busybox with a name for each of its programs.
enum Base {
    private static let made = Result { try make() }

    /// A root file system as an archive; the same bytes in every run.
    static func tar() throws -> [UInt8] { try made.get() }

    private static func make() throws -> [UInt8] {
        let bench = try Bench()
        try bench.shell(
            """
            mkdir -p root/bin root/etc root/tmp root/root root/proc root/sys root/dev
            chmod 1777 root/tmp
            cp /bin/busybox root/bin/busybox
            for name in $(/bin/busybox --list); do [ -e root/bin/$name ] || ln -s busybox root/bin/$name; done
            printf 'root:x:0:0:root:/root:/bin/sh\\nnobody:x:65534:65534:nobody:/:/bin/false\\n' >root/etc/passwd
            printf 'root:x:0:\\nnogroup:x:65534:\\n' >root/etc/group
            tar --create --file base.tar --directory root --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner .
            """)
        return try bench.read("base.tar")
    }
}

/// A recipe that should build in every store, and what it gives.
enum Control {
    static let recipe = "FROM busybox\nCOPY <<END /control\nall is well\nEND\n"

    private static let built = Result { () throws -> String in
        let bench = try Bench()
        try bench.importBase()
        return try expectSuccess(try bench.build(recipe))
    }

    /// The digest in a store that nothing has happened to.
    static func digest() throws -> String { try built.get() }
}

extension Bench {
    /// Expects that the store still works: a build without regard to earlier ones gives what it does elsewhere.
    func expectUsableStore(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let digest = try expectSuccess(try build(Control.recipe, "--no-cache"), sourceLocation: sourceLocation)
        #expect(digest == (try Control.digest()), sourceLocation: sourceLocation)
        #expect(try scratch().isEmpty, sourceLocation: sourceLocation)
    }

    /// What lies in the store's folder for work in progress.
    func scratch() throws -> [String] {
        let folder = root.starts(with: path) ? root : path
        return try shell("ls -A '\(folder)/tmp' 2>/dev/null || true").split(separator: "\n").map(String.init)
    }
}
