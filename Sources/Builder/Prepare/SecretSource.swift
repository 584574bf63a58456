package import SystemPackage

/// Where the value of a secret is. The value itself is no part of a request: it is read when a step needs it.
package enum SecretSource: Hashable, Sendable {
    case file(FilePath)
    /// A variable of this process's environment.
    case environment(String)
}
