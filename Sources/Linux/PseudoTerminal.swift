import CLinux
import Glibc
package import SystemPackage

/// A terminal made of software: what is written to one side is typed on the other (pty(7)).
package struct PseudoTerminal: ~Copyable, Sendable {
    /// The side of whoever shows the terminal. Never blocks.
    package let controller: OwnedDescriptor
    /// Where the other side is on this machine.
    package let path: FilePath

    package init() throws(SyscallError) {
        var name: UInt32 = 0
        let opened = try checkShim("open", "/dev/ptmx") { clinux_open_terminal(&name) }
        controller = OwnedDescriptor(Int32(truncatingIfNeeded: opened))
        path = FilePath("/dev/pts/\(name)")
    }

    /// Opens the side of the program that is shown.
    package func openTerminal() throws(SyscallError) -> OwnedDescriptor {
        OwnedDescriptor(
            try check("open", path.string) {
                path.withPlatformString { open($0, O_RDWR | O_NOCTTY | O_CLOEXEC) }
            })
    }

    /// The key that the program's side takes for the end of its input; `nil` if there is none (termios(3), VEOF).
    package var endKey: UInt8? {
        var settings = termios()
        guard tcgetattr(controller.number, &settings) == 0 else { return nil }
        let key = withUnsafeBytes(of: settings.c_cc) { $0[Int(VEOF)] }
        // _POSIX_VDISABLE
        return key == 0 ? nil : key
    }

    /// Tells the program that is shown how large its terminal is; it gets SIGWINCH.
    package func resize(_ size: Terminal.Size) throws(SyscallError) {
        var window = winsize()
        window.ws_col = UInt16(clamping: size.columns)
        window.ws_row = UInt16(clamping: size.rows)
        let number = controller.number
        try check("ioctl(TIOCSWINSZ)") { ioctl(number, UInt(TIOCSWINSZ), &window) }
    }
}
