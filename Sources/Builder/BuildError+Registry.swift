import Glibc
import Linux
package import Registry

extension BuildError {
    /// What a registry said, or did not say.
    package init(_ error: RegistryError) {
        guard error != .http(.interrupted) else {
            self = .interrupted
            return
        }
        self.init(.network, Self.code(error), error.description, hint: error.remedy)
    }

    private static func code(_ error: RegistryError) -> String {
        switch error {
        case .http(.noLibrary): "registry-library"
        case .http(.untrusted), .http(.noTLS): "registry-trust"
        case .http: "registry-connection"
        case .unauthorised, .credentials: "registry-credentials"
        case .unknown: "registry-unknown"
        case .refused, .notARegistry: "registry-refusal"
        case .wrongContent: "registry-content"
        case .untrustedAddress: "registry-address"
        }
    }
}
