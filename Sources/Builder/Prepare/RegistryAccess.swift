package import Linux
import Registry

/// The registries that a command may ask, and whom it tells what comes from there.
package struct RegistryAccess: Sendable {
    let session: RegistrySession
    let events: EventSink

    package init(
        _ choices: RegistryChoices, interruption: Interruption? = nil, events: @escaping EventSink = { _ in }
    ) {
        session = RegistrySession(choices.settings, interruption: interruption)
        self.events = events
    }
}

/// When a registry is asked for a base.
package enum PullPolicy: Hashable, Sendable {
    /// If the store does not have it.
    case missing
    /// Before the store is.
    case always
}
