package import Linux
import Registry
import Synchronization

/// The registries that a command may ask, and whom it tells what comes from there.
package struct RegistryAccess: Sendable {
    /// Made by whoever asks a registry first: most commands never do.
    private final class LateSession: Sendable {
        private let choices: RegistryChoices
        private let interruption: Interruption?
        private let made: Mutex<RegistrySession?> = Mutex(nil)

        init(_ choices: RegistryChoices, _ interruption: Interruption?) {
            self.choices = choices
            self.interruption = interruption
        }

        var session: RegistrySession {
            made.withLock { made in
                if let made { return made }
                let session = RegistrySession(choices.settings, interruption: interruption)
                made = session
                return session
            }
        }
    }

    private let late: LateSession
    let events: EventSink

    var session: RegistrySession { late.session }

    package init(
        _ choices: RegistryChoices, interruption: Interruption? = nil, events: @escaping EventSink = { _ in }
    ) {
        late = LateSession(choices, interruption)
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
