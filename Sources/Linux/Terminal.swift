import Glibc
import SystemPackage

/// A descriptor that leads to a terminal; somebody else closes it.
package struct Terminal: Hashable, Sendable {
    /// Columns and rows in characters.
    package struct Size: Hashable, Sendable {
        package let columns: Int
        package let rows: Int
    }

    package let descriptor: Int32

    /// `nil` if the descriptor leads to something else.
    package init?(_ descriptor: Int32) {
        guard isatty(descriptor) == 1 else { return nil }
        self.descriptor = descriptor
    }

    /// `nil` for a terminal that does not know.
    package var size: Size? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return Size(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }

    /// Passes every key on as it is pressed, without showing it, until the mode is dropped.
    package struct RawMode: ~Copyable, Sendable {
        private let descriptor: Int32
        private let before: termios

        package init(_ terminal: Terminal) throws(SyscallError) {
            var settings = termios()
            try check("tcgetattr") { tcgetattr(terminal.descriptor, &settings) }
            let before = settings
            cfmakeraw(&settings)
            try check("tcsetattr") { tcsetattr(terminal.descriptor, TCSADRAIN, &settings) }
            self.descriptor = terminal.descriptor
            self.before = before
        }

        deinit {
            var settings = before
            tcsetattr(descriptor, TCSADRAIN, &settings)
        }
    }
}
