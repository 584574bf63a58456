@testable import Frontend

/// The parts of a repository's address on one line, without those that nothing was said about.
enum GitPrinter {
    static func print(_ address: GitAddress) -> String {
        var parts = [address.remote]
        if let reference = address.reference { parts.append("reference \(reference)") }
        if !address.subfolder.isEmpty { parts.append("folder \(address.subfolder)") }
        if let checksum = address.checksum { parts.append("commit \(checksum)") }
        if let keeps = address.keepsGitFolder { parts.append(keeps ? "with .git" : "without .git") }
        if !address.takesSubmodules { parts.append("without submodules") }
        if address.times == .checkout { parts.append("times of the checkout") }
        if address.fetchesByCommit { parts.append("by commit") }
        return parts.joined(separator: ", ")
    }
}
