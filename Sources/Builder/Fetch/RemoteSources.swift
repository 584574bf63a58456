import Frontend
import Linux
import OCI
import Store
import SystemPackage

/// What a build takes from elsewhere: each is looked up once, and fetched once if it is needed.
final class RemoteSources: Sendable {
    let credentials: Credentials
    private let store: Store
    private let environment: [String]
    private let interruption: Interruption
    private let timeout: Int?
    private let commits = Memo<GitAddress, GitCommit>()
    private let checkouts = Memo<GitAddress, GitCheckout>()

    init(_ request: BuildRequest, _ store: Store, _ interruption: Interruption) {
        credentials = Credentials(request)
        self.store = store
        self.interruption = interruption
        environment = request.programEnvironment
        timeout = request.stepTimeout
    }

    /// The commit that an address means while this build lasts.
    func commit(of address: GitAddress) throws(BuildError) -> GitCommit {
        try commits.value(of: address) { () throws(BuildError) in
            try GitRemote(address: address, git: try program(for: address)).commit()
        }
    }

    /// The files of that commit.
    func checkout(of address: GitAddress) throws(BuildError) -> GitCheckout {
        try checkouts.value(of: address) { () throws(BuildError) in
            let remote = GitRemote(address: address, git: try program(for: address))
            return try GitCheckout(try commit(of: address), of: remote, in: try store.newScratchFolder(), store.files)
        }
    }

    private func program(for address: GitAddress) throws(BuildError) -> GitProgram {
        GitProgram(
            environment: environment, authorization: try authorization(for: address),
            agent: address.usesSecureShell ? credentials.agent("default") : nil, interruption: interruption,
            timeout: timeout)
    }

    /// The first of the secrets that BuildKit takes for git: one for the host before one for all.
    private func authorization(for address: GitAddress) throws(BuildError) -> GitProgram.Authorization? {
        guard !address.usesSecureShell, let scheme = address.remote.firstRange(of: "://"),
            ["http", "https"].contains(address.remote[..<scheme.lowerBound].lowercased())
        else { return nil }
        let place = "\(address.remote[..<scheme.lowerBound])://\(address.authority)"
        for suffix in [".\(address.authority)", ""] {
            if let header = try credentials.secret("GIT_AUTH_HEADER\(suffix)") {
                return GitProgram.Authorization(place: place, value: String(decoding: header, as: UTF8.self).firstLine)
            }
            if let token = try credentials.secret("GIT_AUTH_TOKEN\(suffix)") {
                let pair = Array("x-access-token:\(String(decoding: token, as: UTF8.self).firstLine)".utf8)
                return GitProgram.Authorization(place: place, value: "basic \(Base64.encoded(pair))")
            }
        }
        return nil
    }
}

extension String {
    /// Files with one line often end in a line break that is no part of what they say.
    var firstLine: String { String(prefix { !$0.isNewline }) }
}

extension Store {
    /// A new empty folder for work in progress, gone when the process ends.
    func newScratchFolder() throws(BuildError) -> FilePath {
        let path = try fromStore { () throws(StoreError) in try scratchPath() }
        do throws(SyscallError) {
            try Folder(opening: path.removingLastComponent()).makeFolder(FilePath(root: nil, path.components.suffix(1)))
        } catch {
            throw BuildError(error, doing: "making a folder to work in")
        }
        return path
    }
}
