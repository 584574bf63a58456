import Frontend
import Linux
import OCI
import Registry
import Store
import SystemPackage

/// What a build takes from elsewhere: each is looked up once, and fetched once if it is needed.
final class RemoteSources: Sendable {
    let credentials: Credentials
    let store: Store
    private let environment: [String]
    let interruption: Interruption
    private let timeout: Int?
    private let commits = Memo<GitAddress, GitCommit>()
    private let checkouts = Memo<GitAddress, GitCheckout>()
    private let downloads = Memo<Download, DownloadRecord>()
    private let transport: HTTPTransport

    private struct Download: Hashable {
        let address: WebAddress
        let checksum: Digest?
    }

    init(_ request: BuildRequest, _ store: Store, _ interruption: Interruption) {
        credentials = Credentials(request)
        self.store = store
        self.interruption = interruption
        environment = request.programEnvironment
        timeout = request.stepTimeout
        var configuration = HTTPConfiguration(userAgent: "layerbuild")
        configuration.proxies = HTTPConfiguration.Proxies { name in
            request.programEnvironment.last { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
        }
        transport = HTTPTransport(configuration, interruption: interruption)
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

    /// What an address of the web holds while this build lasts.
    func download(_ address: WebAddress, expecting checksum: Digest? = nil) throws(BuildError) -> DownloadRecord {
        try downloads.value(of: Download(address: address, checksum: checksum)) { () throws(BuildError) in
            try WebRemote(
                address: address, authorization: try authorization(for: address), transport: transport, store: store,
                interruption: interruption
            ).fetch(expecting: checksum)
        }
    }

    /// The time of what comes from elsewhere; `nil` for what has none.
    func time(of source: CopyOperation.Source) throws(BuildError) -> Int64? {
        switch source {
        case .git(let address, let span):
            do { return try checkout(of: address).time } catch { throw error.at(span) }
        case .web(let address, let checksum, let span):
            do { return try download(address, expecting: checksum).modified } catch { throw error.at(span) }
        case .path, .inline: return nil
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
        guard !address.usesSecureShell, let scheme = address.remote.utf8.firstRange(of: "://".utf8),
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
