package import OCI

/// COPY and ADD: files from somewhere else, put into the step's file system.
package struct CopyOperation: Hashable, Sendable {
    package internal(set) var sources: [Source]
    /// Absolute. A `/` or `/.` at its end says that it is a folder.
    package let destination: String
    /// `user[:group]` of `--chown`; `nil` makes files of a context root's and keeps the owners of other file systems.
    package let owner: String?
    /// `--chmod`.
    package let mode: ModeChange?
    /// `--exclude`, in the grammar of ``IgnorePatterns``, each relative to what its source copies.
    package let excludes: [String]
    /// `--parents`: keep the path of each source below the destination. A source's `/./` is where that path begins.
    package let parents: Bool
    /// The layer stands on nothing: it does not look at the files beneath it.
    package let link: Bool
    package let unpack: Unpack

    /// What happens to sources that are archives by content.
    package enum Unpack: String, Sendable {
        /// COPY, or `--unpack=false`.
        case never
        /// ADD: local archives only.
        case localArchives
        /// `--unpack=true`: whatever it is that comes.
        case always
    }

    package enum Source: Hashable, Sendable {
        /// A path or pattern (see ``GlobPattern``) within the origin.
        case path(String, from: FileOrigin, span: SourceSpan?)
        /// A heredoc, expanded.
        case inline(name: String, contents: [UInt8])
        /// `ADD https://…`, with `--checksum` if there is one.
        case web(WebAddress, checksum: Digest?, span: SourceSpan?)
        /// `ADD` of a git repository.
        case git(GitAddress, span: SourceSpan?)

        /// Where the files come from, if that is within this build.
        package var origin: FileOrigin? {
            switch self {
            case .path(_, let origin, _): origin
            case .inline, .web, .git: nil
            }
        }
    }

    package init(
        sources: [Source], destination: String, owner: String? = nil, mode: ModeChange? = nil, excludes: [String] = [],
        parents: Bool = false, link: Bool = false, unpack: Unpack = .never
    ) {
        self.sources = sources
        self.destination = destination
        self.owner = owner
        self.mode = mode
        self.excludes = excludes
        self.parents = parents
        self.link = link
        self.unpack = unpack
    }
}
