import Synchronization

/// Values that are made once each, by whoever asks first; others who ask for the same meanwhile wait.
final class Memo<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private final class Slot: Sendable {
        let result: Mutex<Result<Value, BuildError>?> = Mutex(nil)
    }

    private let slots: Mutex<[Key: Slot]> = Mutex([:])

    /// The value of a key; what went wrong at the first try goes wrong for all.
    func value(of key: Key, make: () throws(BuildError) -> Value) throws(BuildError) -> Value {
        let slot = slots.withLock { slots in
            if let slot = slots[key] { return slot }
            let slot = Slot()
            slots[key] = slot
            return slot
        }
        return try slot.result.withLock { known -> Result<Value, BuildError> in
            if let known { return known }
            let result: Result<Value, BuildError>
            do throws(BuildError) { result = .success(try make()) } catch { result = .failure(error) }
            known = result
            return result
        }.get()
    }
}
