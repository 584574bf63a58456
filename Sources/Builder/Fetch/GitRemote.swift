import Frontend
import Linux
import SystemPackage

/// A repository somewhere else: says which commit is meant, and brings its files here.
struct GitRemote {
    let address: GitAddress
    let git: GitProgram

    /// Asks what the address means at the moment.
    func commit() throws(BuildError) -> GitCommit {
        if let known = try GitCommit.named(by: address) { return known }
        let wanted = address.reference.map { [$0, "\($0)^{}"] } ?? ["HEAD"]
        let listing = try succeed(["ls-remote", "--symref", "--", address.remote] + wanted)
        return try GitCommit.found(in: listing, for: address)
    }

    /// Lays the files of a commit out in an empty folder; returns the commit's time, in seconds since 1970.
    func checkOut(_ commit: GitCommit, into folder: FilePath) throws(BuildError) -> Int64 {
        let hash = commit.object.utf8.count == 64 ? "sha256" : "sha1"
        _ = try succeed(["init", "-q", "--object-format=\(hash)", "."], in: folder)
        _ = try succeed(["remote", "add", "--", "origin", address.remote], in: folder)
        try fetch(commit, into: folder)
        if let checksum = address.checksum {
            let names = try [commit.object, "\(commit.object)^{commit}"].map { name throws(BuildError) in
                try succeed(["rev-parse", "--verify", "-q", name], in: folder).trimmed
            }
            guard names.contains(where: { $0.hasPrefix(checksum) }) else {
                throw .wrongCommit(address, checksum, found: names[0])
            }
        }
        _ = try succeed(["checkout", "-q", "--detach", "\(commit.object)^{commit}"], in: folder)
        if address.takesSubmodules {
            _ = try succeed(["submodule", "-q", "update", "--init", "--recursive", "--depth=1"], in: folder)
        }
        let time = try succeed(["show", "-s", "--format=%ct", "HEAD"], in: folder).trimmed
        if address.keepsGitFolder ?? false { try tidy(commit, in: folder) }
        guard let seconds = Int64(time) else {
            throw BuildError(.input, "git", "the commit of `\(address.shown)` has no time: `\(time)`")
        }
        return seconds
    }

    /// Fetches as little as the server lets us: the commit, or the reference, or else everything.
    private func fetch(_ commit: GitCommit, into folder: FilePath) throws(BuildError) {
        var attempts = [["--depth=1", "--no-tags", "origin", commit.object]]
        if let reference = commit.reference {
            attempts.append(["--depth=1", "--no-tags", "origin", "+\(reference):\(reference)"])
        }
        attempts.append(["--tags", "origin", "+refs/heads/*:refs/remotes/origin/*"])
        var complaints: [String] = []
        for attempt in attempts {
            let outcome = try git.run(["fetch", "-q", "--update-head-ok"] + attempt, in: folder)
            complaints = outcome.complaints
            if outcome.isSuccess, try has(commit, in: folder) { return }
            guard outcome.isSuccess || Self.blamesRequest(complaints) else { break }
        }
        throw failure(complaints.isEmpty ? ["\(commit.object) is not in the repository"] : complaints)
    }

    private func has(_ commit: GitCommit, in folder: FilePath) throws(BuildError) -> Bool {
        try git.run(["cat-file", "-e", "\(commit.object)^{commit}"], in: folder).isSuccess
    }

    /// True if the server, or the protocol, does not do what was asked, and may do something else.
    private static func blamesRequest(_ complaints: [String]) -> Bool {
        let phrases = [
            "not our ref", "unadvertised object", "shallow", "depth", "no such remote ref", "find remote ref",
        ]
        return complaints.contains { line in phrases.contains { line.lowercased().contains($0) } }
    }

    /// Makes `.git` say the same whenever it is made, as far as git lets it.
    private func tidy(_ commit: GitCommit, in folder: FilePath) throws(BuildError) {
        if let reference = commit.reference {
            _ = try succeed(["update-ref", reference, commit.object], in: folder)
        }
        _ = try succeed(["remote", "set-url", "--", "origin", address.shown], in: folder)
        _ = try succeed(["reflog", "expire", "--all", "--expire=now"], in: folder)
        do throws(SyscallError) {
            try Folder(opening: folder).openFolder(".git").removeTree("FETCH_HEAD")
        } catch {
            throw BuildError(error, doing: "tidying a git repository")
        }
    }

    /// What git prints if all goes well.
    private func succeed(_ arguments: [String], in folder: FilePath? = nil) throws(BuildError) -> String {
        let outcome = try git.run(arguments, in: folder)
        guard outcome.isSuccess else { throw failure(outcome.complaints) }
        return outcome.output
    }

    private func failure(_ complaints: [String]) -> BuildError {
        let said = complaints.map { line in
            line.split(separator: address.remote, omittingEmptySubsequences: false).joined(separator: address.shown)
        }
        let reason = said.last { $0.hasPrefix("fatal: ") }.map { $0.dropFirst("fatal: ".count) } ?? said.last?[...]
        return BuildError(
            .network, "git", "`\(address.shown)` cannot be fetched: \(reason ?? "git says nothing")",
            hint:
                "look whether the address is right, and whether it needs `--secret id=GIT_AUTH_TOKEN` or `--ssh default`",
            details: said)
    }
}

extension String {
    fileprivate var trimmed: String { String(drop { $0.isWhitespace }.prefix { !$0.isWhitespace }) }
}
