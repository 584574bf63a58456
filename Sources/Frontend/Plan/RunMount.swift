/// `RUN --mount`: something the command sees and the layer does not hold.
package struct RunMount: Hashable, Sendable {
    /// Absolute; empty for a secret that becomes a variable only.
    package let target: String
    package let kind: Kind
    package let span: SourceSpan?

    package enum Kind: Hashable, Sendable {
        /// What the command writes into a writable one is thrown away.
        case bind(from: FileOrigin, source: String, writable: Bool)
        /// A folder that outlives the build. `from` with `source` is what a new one starts with; `nil` is nothing.
        case cache(id: String, Cache, from: FileOrigin?, source: String)
        /// `size` in bytes; `nil` is without a bound.
        case tmpfs(size: Int64?)
        /// `environment` names a variable that gets the value; then a file appears only if a target was given.
        case secret(id: String, Credential, environment: String?, asFile: Bool)
        /// The socket of an agent.
        case ssh(id: String, Credential)
    }

    /// How a cache is shared and made. Mode and owners are those of a folder made anew.
    package struct Cache: Hashable, Sendable {
        package let sharing: Sharing
        /// The recipe says what a new one looks like. Then a step that is executed without regard to earlier results
        /// begins with a new one, as it does for BuildKit.
        package let isDescribed: Bool
        package let readOnly: Bool
        package let mode: UInt16
        package let owner: UInt32
        package let group: UInt32

        package init(
            sharing: Sharing = .shared, isDescribed: Bool = false, readOnly: Bool = false, mode: UInt16 = 0o755,
            owner: UInt32 = 0, group: UInt32 = 0
        ) {
            self.sharing = sharing
            self.isDescribed = isDescribed
            self.readOnly = readOnly
            self.mode = mode
            self.owner = owner
            self.group = group
        }
    }

    /// What happens when two steps want one cache.
    package enum Sharing: String, Hashable, Sendable, CaseIterable {
        /// Several steps may write at once.
        case shared
        /// A second step gets a folder of its own.
        case `private`
        /// A second step waits.
        case locked
    }

    /// A secret's file or an agent's socket: its mode and owners, and whether it must be there.
    package struct Credential: Hashable, Sendable {
        package let required: Bool
        package let mode: UInt16
        package let owner: UInt32
        package let group: UInt32

        package init(required: Bool = false, mode: UInt16 = 0o400, owner: UInt32 = 0, group: UInt32 = 0) {
            self.required = required
            self.mode = mode
            self.owner = owner
            self.group = group
        }
    }

    package init(target: String, kind: Kind, span: SourceSpan? = nil) {
        self.target = target
        self.kind = kind
        self.span = span
    }

    /// Where its files come from, if it starts with files.
    package var origin: FileOrigin? {
        switch kind {
        case .bind(let origin, _, _): origin
        case .cache(_, _, let origin, _): origin
        case .tmpfs, .secret, .ssh: nil
        }
    }
}
