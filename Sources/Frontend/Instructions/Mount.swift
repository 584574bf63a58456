/// A mount of one RUN, expanded and checked.
package struct Mount: Hashable, Sendable {
    /// Where its content comes from.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case bind
        case cache
        case tmpfs
        case secret
        case ssh
    }

    package internal(set) var kind: Kind = .bind
    /// A stage, a named context or an image.
    package internal(set) var from: String?
    package internal(set) var source: String?
    package internal(set) var target: String?
    package internal(set) var isReadOnly = true
    /// Bytes; only for tmpfs. 0 is no limit.
    package internal(set) var size: Int64?
    package internal(set) var id: String?
    /// Only for caches.
    package internal(set) var sharing: RunMount.Sharing?
    /// Only for secrets and ssh.
    package internal(set) var isRequired = false
    /// The variable that holds a secret.
    package internal(set) var variable: String?
    package internal(set) var mode: UInt32?
    package internal(set) var owner: UInt32?
    package internal(set) var group: UInt32?
}
