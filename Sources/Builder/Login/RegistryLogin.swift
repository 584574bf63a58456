import OCI
import Registry

/// Keeps and forgets who we are at a registry.
package struct RegistryLogin {
    private let choices: RegistryChoices

    package init(_ choices: RegistryChoices) { self.choices = choices }

    /// Asks the registry whether it takes the password, and keeps it only then.
    ///
    /// - Returns: where it is kept: a file, or a program.
    package func login(_ host: String, user: String, password: String) throws(BuildError) -> String {
        do throws(RegistryError) {
            let session = RegistrySession(choices.settings)
            try session.client(host: host, as: .password(user: user, password: password)).check()
            return try CredentialStore(choices.settings.credentials).keep(host, user: user, password: password)
        } catch {
            throw BuildError(error)
        }
    }

    /// - Returns: from where it was taken; nothing if it was not known.
    package func logout(_ host: String) throws(BuildError) -> [String] {
        do throws(RegistryError) {
            return try CredentialStore(choices.settings.credentials).forget(host)
        } catch {
            throw BuildError(error)
        }
    }
}
