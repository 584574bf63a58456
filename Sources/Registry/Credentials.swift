import OCI

/// Who somebody is at a registry.
package enum Credentials: Hashable, Sendable {
    case password(user: String, password: String)
    /// What a token server gave once, and takes in place of a password.
    case identityToken(String)

    /// The value of `Authorization` for a user and a password (RFC 7617).
    static func basic(user: String, password: String) -> String {
        "Basic \(Base64.encoded(Array("\(user):\(password)".utf8)))"
    }
}
