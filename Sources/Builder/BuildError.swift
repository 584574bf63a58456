package import Frontend
import Layers
package import Linux
import OCI
package import Store
import SystemPackage

/// Why a build ended early: what was being done, to which path or line, and what to do next.
///
/// Data, not prose: the command draws it as a diagnostic and chooses its exit code by `kind`.
package struct BuildError: Error, Sendable {
    /// Whose fault it is, which decides the exit code.
    package enum Kind: Hashable, Sendable {
        /// A step's own command failed.
        case step
        /// A container's command did not start; a shell would end with this code.
        case command(code: Int32)
        case recipe
        /// Something from outside was not what it should be.
        case input
        case network
        /// Space, descriptors or memory ran out, or a file system is read-only.
        case resource
        case store
        case machine
        case interrupted(signal: Int32)
    }

    package let kind: Kind
    /// The name of the diagnostic's page.
    package let code: String
    package let message: String
    package var span: SourceSpan?
    package var hint: String?
    /// What there is to add, perhaps about other places of the recipe.
    package var notes: [Diagnostic.Note] = []
    /// Lines to show below: the end of a command's output.
    package var details: [String]

    package init(
        _ kind: Kind, _ code: String, _ message: String, at span: SourceSpan? = nil, hint: String? = nil,
        details: [String] = []
    ) {
        self.kind = kind
        self.code = code
        self.message = message
        self.span = span
        self.hint = hint
        self.details = details
    }

    /// A fault of the recipe, as the frontend found it.
    package init(_ diagnostic: Diagnostic) {
        self.init(
            .recipe, diagnostic.code, diagnostic.message, at: diagnostic.span, hint: diagnostic.hint)
        notes = diagnostic.notes
    }

    /// The same error at a place of the recipe, unless it has one already.
    package func at(_ span: SourceSpan?) -> BuildError {
        var error = self
        error.span = error.span ?? span
        return error
    }
}

extension BuildError {
    /// A system call that did not work while `doing` something: a resource that ran out, or else the fault `kind`.
    package init(_ error: SyscallError, doing: String, kind: Kind = .machine) {
        let place = error.subject.isEmpty ? "it" : error.subject
        switch error.errno {
        case .noSpace, Errno(rawValue: 122):
            self.init(
                .resource, "no-space", "\(doing): no space is left for \(place)",
                hint: "free some space, or use another store with --root")
        case .readOnlyFileSystem:
            self.init(.resource, "read-only", "\(doing): \(place) lies on a read-only file system")
        case .tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory:
            self.init(
                .resource, "exhausted", "\(doing): \(error)",
                hint: error.errno == .noMemory ? nil : "raise the limit with `ulimit -n`")
        case .fileTooLarge where kind == .machine:
            self.init(
                .resource, "exhausted", "\(doing): \(error)", hint: "raise the limit with `ulimit -f unlimited`")
        case .brokenPipe:
            self.init(.resource, "output", "\(doing): nobody reads it to its end")
        case .badFileDescriptor:
            self.init(.resource, "output", "\(doing): it is closed")
        case .canceled: self = .interrupted
        case .fileNameTooLong:
            let end = error.subject.count > 60 ? "…" : ""
            self.init(
                .input, "name-too-long", "\(doing): the path `\(error.subject.prefix(60))\(end)` is too long",
                hint: "Linux takes 255 bytes for one name, and 4095 for a path")
        default:
            self.init(kind, "system", "\(doing): \(error)")
        }
    }
}

extension BuildError {
    /// What the store could not do.
    package init(_ error: StoreError) {
        if case .system(let cause, let doing) = error {
            self.init(cause, doing: doing)
        } else {
            self.init(error.isDamage ? .store : .machine, "store", error.description, hint: error.remedy)
        }
    }

    /// An image that could not be read or written.
    package init(_ error: ImageError) {
        switch error {
        case .rejected(let rejection): self.init(.input, rejection.code, error.description)
        case .usage(let message): self.init(.input, "output", message)
        case .system(let cause): self.init(cause, doing: "working on an image")
        case .absent(let cause): self.init(cause, doing: "working on an image", kind: .input)
        case .store(let cause): self.init(cause)
        case .layer(let cause): self.init(cause)
        case .registry(let cause): self.init(cause)
        }
    }

    /// A layer that could not be read or written.
    init(_ error: LayerError) {
        switch error {
        case .system(let cause): self.init(cause, doing: "working on a layer")
        case .changedWhileReading(let path): self = .changedWhileReading(path)
        case .compressor: self.init(.machine, "layer", "\(error)")
        default: self.init(.input, "layer", "\(error)")
        }
    }
}
