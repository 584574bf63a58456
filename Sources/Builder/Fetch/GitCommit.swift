import Frontend
import OCI

/// What a repository's address means at the moment.
struct GitCommit: Hashable, Sendable {
    /// What is checked out: a commit, or an annotated tag of one.
    let object: String
    /// The commit, as far as it is known without fetching: names the files.
    let commit: String
    /// The full name of the branch or tag, if one is wanted.
    let reference: String?
}

extension GitCommit {
    /// The answer that lies in the address itself, if one does: a whole commit needs no looking up.
    /// - Throws: if the address contradicts itself.
    static func named(by address: GitAddress) throws(BuildError) -> GitCommit? {
        if let reference = address.reference, GitAddress.isCommit(reference) {
            try require(address, anyOf: [reference])
            return GitCommit(object: reference, commit: reference, reference: nil)
        }
        guard address.fetchesByCommit else { return nil }
        guard let checksum = address.checksum, GitAddress.isCommit(checksum) else {
            throw BuildError(
                .recipe, "bad-checksum", "`fetch-by-commit` needs a whole commit",
                hint: "add `checksum=` with the digits that `git rev-parse` prints")
        }
        let reference = address.reference.map { $0.utf8.starts(with: "refs/".utf8) ? $0 : "refs/heads/\($0)" }
        return GitCommit(object: checksum, commit: checksum, reference: reference)
    }

    /// What `git ls-remote` says of the address.
    static func found(in listing: String, for address: GitAddress) throws(BuildError) -> GitCommit {
        var objects: ExactMap<String> = [:]
        var head: String?
        for line in listing.split(separator: "\n") {
            guard case (let object, let name?) = line.cut(at: "\t") else { continue }
            if object.hasPrefix("ref: ") {
                head = String(object.dropFirst("ref: ".count))
            } else if GitAddress.isCommit(object) {
                objects[name] = object
            }
        }
        let names = address.reference.map(candidates) ?? [head ?? "HEAD", "HEAD"]
        guard let name = names.first(where: { objects[$0] != nil }), let object = objects[name] else {
            throw BuildError(
                .input, "git-reference",
                "`\(address.shown)` has no \(address.reference.map { "branch or tag `\($0)`" } ?? "commits")",
                hint: address.reference.map { _ in "a commit is given with all its digits" })
        }
        let commit = objects["\(name)^{}"] ?? object
        try require(address, anyOf: [object, commit])
        return GitCommit(object: object, commit: commit, reference: name == "HEAD" ? nil : name)
    }

    /// Where a reference may be, in the order in which git prefers them.
    private static func candidates(_ reference: String) -> [String] {
        func below(_ folder: String) -> String {
            reference.utf8.starts(with: folder.utf8) ? reference : folder + reference
        }
        return [below("refs/"), below("refs/heads/"), below("refs/tags/")]
    }

    /// The checksum has to be the beginning of one of the names.
    private static func require(_ address: GitAddress, anyOf names: [String]) throws(BuildError) {
        guard let checksum = address.checksum, !names.contains(where: { $0.hasPrefix(checksum) }) else { return }
        throw .wrongCommit(address, checksum, found: names[0])
    }
}

extension BuildError {
    static func wrongCommit(_ address: GitAddress, _ wanted: String, found: String) -> BuildError {
        BuildError(
            .input, "checksum-mismatch", "`\(address.shown)` should be at commit \(wanted) and is at \(found)",
            hint: "find out whether the repository may be trusted before you change the checksum")
    }
}
