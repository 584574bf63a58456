package import Layers
package import Linux
package import Registry
package import Store
import SystemPackage

/// An image from outside was not taken, or one could not be read or written.
package enum ImageError: Error, Hashable, Sendable {
    /// What was read is not what it says that it is, or is nothing that we take.
    case rejected(Rejection)
    /// What was given cannot be done: another file is in the way, or a name is missing.
    case usage(String)
    /// The machine got in the way.
    case system(SyscallError)
    /// What was named is not there.
    case absent(SyscallError)
    case store(StoreError)
    case layer(LayerError)
    case registry(RegistryError)

    /// Why an input from outside is refused: one line for people and a code for machines.
    package struct Rejection: Hashable, Sendable {
        /// The `code` of `error[code]: message`.
        package let code: String
        /// The archive or folder, and the document or blob in it.
        package let place: String
        /// One clause.
        package let reason: String
    }

    /// A refusal. `place` and `reason` may quote what was read, so control characters are made visible.
    static func rejected(_ code: String, _ place: String, _ reason: String) -> ImageError {
        .rejected(Rejection(code: code, place: printable(place), reason: printable(reason)))
    }

    /// The text with control characters as `\u{…}`, so that no name can draw on a terminal.
    private static func printable(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            if scalar.properties.generalCategory == .control {
                result += scalar.escaped(asASCII: true)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }
}

extension ImageError {
    /// The user wants to stop, as a transfer that was stopped says it.
    static let interrupted = ImageError.registry(.http(.interrupted))

    /// What the machine said, if it got in the way; `nil` for every other reason.
    var systemError: SyscallError? {
        switch self {
        case .system(let error), .absent(let error): return error
        case .layer(let error):
            guard case .system(let error) = error else { return nil }
            return error
        case .rejected, .usage, .store, .registry: return nil
        }
    }
}

extension ImageError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .rejected(let rejection): "\(rejection.place): \(rejection.reason)"
        case .usage(let message): message
        case .system(let error), .absent(let error): error.description
        case .store(let error): error.description
        case .layer(let error): "\(error)"
        case .registry(let error): error.description
        }
    }
}

extension ImageError {
    /// An error that came up while a layer or an archive was read: the fault of what was read, or the machine's.
    static func reading(_ error: LayerError, _ place: String) -> ImageError {
        switch error {
        case .system(let error): .system(error)
        case .notAnArchive: .rejected("image-not-recognised", place, "this is no tar, not even a compressed one")
        case .corrupt(let reason): .rejected("image-archive-damaged", place, reason)
        case .tooLarge(let what, let limit):
            .rejected("image-archive-size", place, "\(what) is more than \(limit)")
        case .refused(let member, let reason): .rejected("image-archive-member", "\(place): \(member)", reason)
        case .reservedName(let path):
            .rejected("image-archive-member", "\(place): \(path)", "names with `.wh.` stand for deletions in a layer")
        case .mismatch(let what, let expected, let found):
            .rejected("image-blob-digest", place, "\(what) is \(found) and should be \(expected)")
        case .changedWhileReading, .redirected, .unwritable, .compressor, .tooManyLinks: .layer(error)
        }
    }

    /// Runs kernel calls whose errors are the machine's.
    static func system<Value: ~Copyable>(_ body: () throws(SyscallError) -> Value) throws(ImageError) -> Value {
        do { return try body() } catch { throw .system(error) }
    }

    /// Runs kernel calls on a path that the user has named.
    static func named<Value: ~Copyable>(_ body: () throws(SyscallError) -> Value) throws(ImageError) -> Value {
        do { return try body() } catch {
            let isAbsent = error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory
            throw isAbsent ? .absent(error) : .system(error)
        }
    }

    static func store<Value: ~Copyable>(_ body: () throws(StoreError) -> Value) throws(ImageError) -> Value {
        do { return try body() } catch { throw .store(error) }
    }

    static func registry<Value>(_ body: () throws(RegistryError) -> Value) throws(ImageError) -> Value {
        do { return try body() } catch { throw .registry(error) }
    }

    static func layer<Value: ~Copyable>(_ body: () throws(LayerError) -> Value) throws(ImageError) -> Value {
        do { return try body() } catch { throw .layer(error) }
    }
}

extension LayerError {
    /// Runs kernel calls on behalf of reading or writing a layer.
    static func kernel<Value: ~Copyable>(_ body: () throws(SyscallError) -> Value) throws(LayerError) -> Value {
        do { return try body() } catch { throw .system(error) }
    }
}
