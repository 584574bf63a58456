package import Linux

/// An image from outside was not taken, or could not be read.
package enum ImageError: Error, Sendable, CustomStringConvertible {
    /// What was read is not what it says that it is, or is nothing that we take.
    case rejected(Rejection)
    /// The machine got in the way.
    case system(SyscallError)

    /// Why an input from outside is refused: one line for people and a code for machines.
    package struct Rejection: Hashable, Sendable {
        /// The `code` of `error[code]: message`.
        package let code: String
        /// The archive or folder, and the document or blob in it.
        package let place: String
        /// One clause.
        package let reason: String
    }

    /// A refusal; `place` and `reason` may quote what was read, so control characters are made visible.
    static func rejected(_ code: String, _ place: String, _ reason: String) -> ImageError {
        .rejected(Rejection(code: code, place: printable(place), reason: printable(reason)))
    }

    package var description: String {
        switch self {
        case .rejected(let rejection): "\(rejection.place): \(rejection.reason)"
        case .system(let error): error.description
        }
    }

    /// The text with control characters as `\u{…}`, so that no name can draw on a terminal.
    private static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.flatMap { scalar -> [Unicode.Scalar] in
            scalar.properties.generalCategory == .control ? Array(scalar.escaped(asASCII: true).unicodeScalars) : [scalar]
        }))
    }
}

extension ImageError {
    /// Runs kernel calls whose errors are the machine's.
    static func system<Value: ~Copyable>(
        _ body: () throws(SyscallError) -> Value
    ) throws(ImageError) -> Value {
        do { return try body() } catch { throw .system(error) }
    }
}
