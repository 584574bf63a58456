import SystemPackage
import Testing

/// A web server on loopback that serves files and repositories from a bench; it ends with its owner.
final class WebServer {
    let bench: Bench
    let port: Int
    private let running: Running

    init(on bench: Bench) throws {
        self.bench = bench
        try bench.shell("mkdir -p web/files web/git; printf 'Bearer of-bad-news' >web/authorization; : >web/requests")
        let script = FilePath(#filePath).removingLastComponent().appending("server.py")
        running = try Running(["python3", script.string, bench.appending("web").string], on: bench, in: bench.path)
        port = try #require(try running.nextLine().flatMap { Int($0) })
    }

    var address: String { "http://127.0.0.1:\(port)" }

    func serve(_ name: String, _ text: String) throws { try bench.write("web/files/\(name)", text) }

    /// What was asked for since this was last called: method, path and status.
    func requests() throws -> [String] {
        let text = String(decoding: try bench.read("web/requests"), as: UTF8.self)
        try bench.write("web/requests", "")
        return text.split(separator: "\n").map(String.init)
    }

    /// Makes a repository that others can fetch; the script runs in a work tree that is pushed to it.
    func repository(_ name: String, _ script: String) throws {
        try bench.shell(
            """
            export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
            export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
            export GIT_AUTHOR_DATE='1600000000 +0000' GIT_COMMITTER_DATE='1600000000 +0000'
            [ -d web/git/\(name).git ] || git -c init.defaultBranch=main init -q --bare web/git/\(name).git
            [ -d work/\(name) ] || git -c init.defaultBranch=main init -q work/\(name)
            cd work/\(name)
            \(script)
            git push -q --force ../../web/git/\(name).git --all
            git push -q --force ../../web/git/\(name).git --tags
            """)
    }

    /// The full name of what a revision of a repository is.
    func commit(_ revision: String, of name: String) throws -> String {
        try bench.shell("git -c safe.directory='*' -C web/git/\(name).git rev-parse \(revision)")
    }
}
