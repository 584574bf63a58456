/// A git repository with what of it is wanted: `https://….git#main:docs`, or the same as `?branch=main&subdir=docs`.
package struct GitAddress: Hashable, Sendable {
    /// What git is given: the address without fragment and query.
    package let remote: String
    /// A branch, a tag, a full reference or a full commit; `nil` is what the repository's HEAD names.
    package internal(set) var reference: String?
    /// The folder within the repository, without a slash at either end; empty for all of it.
    package internal(set) var subfolder = ""
    /// The commit it must be, or its beginning, in lower case.
    package internal(set) var checksum: String?
    /// Whether `.git` is kept; `nil` if nobody says.
    package internal(set) var keepsGitFolder: Bool?
    package internal(set) var takesSubmodules = true
    package internal(set) var times = Times.commit
    /// The checksum is the commit: the reference is not looked up.
    package internal(set) var fetchesByCommit = false

    /// When the files are said to be modified.
    package enum Times: String, Hashable, Sendable {
        case commit
        case checkout
    }

    /// For people: without a password.
    package var shown: String { remote.withoutPassword }

    /// The last part of the repository's path, without `.git`.
    package var name: String {
        let last = remote.utf8.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") }.last ?? ""[...].utf8
        return String(Substring(last.suffix(4).elementsEqual(".git".utf8) ? last.dropLast(4) : last))
    }

    /// Git goes there through ssh.
    package var usesSecureShell: Bool { scheme == nil || scheme?.lowercased() == "ssh" }

    /// What stands before `://`; `nil` for `user@host:path`.
    private var scheme: Substring? { remote.utf8.firstRange(of: "://".utf8).map { remote[..<$0.lowerBound] } }

    /// The host and its port, if one is named.
    package var authority: String {
        let start = scheme.map { remote.utf8.index($0.endIndex, offsetBy: 3) } ?? remote.startIndex
        let end = scheme == nil ? UInt8(ascii: ":") : UInt8(ascii: "/")
        let place = remote.utf8[start...].prefix { $0 != end }
        return place.split(separator: UInt8(ascii: "@")).last.map { String(Substring($0)) } ?? ""
    }

    /// True of a whole commit's name, in either of git's hashes.
    package static func isCommit(_ text: String) -> Bool {
        [40, 64].contains(text.utf8.count) && text.utf8.allSatisfy(\.isLowerCaseHexadecimal)
    }
}

extension UInt8 {
    var isLowerCaseHexadecimal: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self) }
}

extension GitAddress {
    /// The same with what ADD's flags say.
    /// - Throws: a diagnostic without a place if a flag and the address disagree.
    func adding(checksum flag: String?, keepsGitFolder keeps: Bool?) throws(Diagnostic) -> GitAddress {
        var address = self
        if let keeps {
            guard keepsGitFolder ?? keeps == keeps else {
                throw Self.fault(
                    "`--keep-git-dir` says something else than the address does", hint: "leave one of them out")
            }
            address.keepsGitFolder = keeps
        }
        if let flag {
            let flag = try Self.checkedCommit(flag)
            guard checksum ?? flag == flag else {
                throw Self.fault(
                    "`--checksum` says something else than the address does", hint: "leave one of them out")
            }
            address.checksum = flag
        }
        return address
    }

    /// The same with `.git`, unless it says itself what becomes of that.
    package func keepingGitFolder() -> GitAddress {
        var address = self
        address.keepsGitFolder = keepsGitFolder ?? true
        return address
    }

    static func checkedCommit(_ text: String) throws(Diagnostic) -> String {
        let lowered = text.lowercased()
        guard !lowered.isEmpty, lowered.utf8.count <= 64, lowered.utf8.allSatisfy(\.isLowerCaseHexadecimal) else {
            throw Diagnostic(
                .error, "bad-checksum", "`\(text)` is no commit of git, nor the beginning of one",
                hint: "write the hexadecimal digits that `git rev-parse` prints")
        }
        return lowered
    }

    static func fault(_ message: String, hint: String? = nil) -> Diagnostic {
        Diagnostic(.error, "bad-git-address", message, hint: hint)
    }
}
