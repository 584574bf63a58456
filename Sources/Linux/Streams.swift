import Glibc

/// What a command finds as its standard input, output and error. Starting it closes them here.
package struct Streams: ~Copyable, Sendable {
    let input: OwnedDescriptor
    let output: OwnedDescriptor
    let error: OwnedDescriptor

    package init(
        input: consuming OwnedDescriptor, output: consuming OwnedDescriptor, error: consuming OwnedDescriptor
    ) {
        self.input = input
        self.output = output
        self.error = error
    }

    /// Nothing to read, and nobody to read what is written.
    package static func none() throws(SyscallError) -> Streams {
        Streams(input: try null(), output: try null(), error: try null())
    }

    /// A stream without content that swallows what is written.
    package static func null() throws(SyscallError) -> OwnedDescriptor {
        OwnedDescriptor(try check("open", "/dev/null") { open("/dev/null", O_RDWR | O_CLOEXEC) })
    }
}
