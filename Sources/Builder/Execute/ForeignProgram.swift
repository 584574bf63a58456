import Glibc
import Layers
import Linux
import OCI
import SystemPackage

/// A program that did not start because it was made for another machine.
struct ForeignProgram {
    private static let beginning = 256
    /// How many scripts may name each other as their interpreters.
    private static let depth = 4

    private let name: String
    private let architecture: String
    private let head: [UInt8]
    private let error: SyscallError
    private let tree: MergedTree

    /// `nil` if that is not the reason. A script is what its interpreter is.
    init?(_ name: String, in tree: MergedTree, _ error: SyscallError) {
        guard error.call == "execve", [Errno(rawValue: ENOEXEC), .noSuchFileOrDirectory].contains(error.errno) else {
            return nil
        }
        var name = name
        for _ in 0..<Self.depth {
            guard let found = try? tree.lookup(TreePath(normalising: name), lastLink: .follow),
                let head = try? tree.open(found).bytes(at: 0, upTo: Self.beginning)
            else { return nil }
            guard !head.starts(with: "#!".utf8) else {
                let line = head.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
                let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
                guard let interpreter = words.first else { return nil }
                name = String(decoding: interpreter, as: UTF8.self)
                continue
            }
            guard let architecture = ProgramHeader(head).architecture, architecture != Platform.host.architecture else {
                return nil
            }
            self.name = name
            self.architecture = architecture
            self.head = head
            self.error = error
            self.tree = tree
            return
        }
        return nil
    }

    /// What is missing, given what is registered; `nil` if everything that an emulator needs is there.
    func problem(_ emulators: [Emulator], alternative: String = "") -> BuildError? {
        let fact = "`\(name)` is a program for \(architecture), and "
        guard let emulator = emulators.first(where: { $0.isFor(head) }) else {
            guard error.errno != .noSuchFileOrDirectory else { return nil }
            return BuildError(
                .machine, "foreign-program", fact + "this machine runs \(Platform.host.architecture)",
                hint: "register an emulator with binfmt_misc, as Debian's qemu-user-static does" + alternative)
        }
        let path = TreePath(normalising: Array(emulator.interpreter.string.utf8))
        let found = try? tree.lookup(path, lastLink: .follow)
        guard !emulator.isOpenAlready, found == nil else { return nil }
        return BuildError(
            .machine, "foreign-program",
            fact + "its emulator `\(emulator.interpreter)` is registered so that it is looked for in the image",
            hint: "register it with the flag F, as Debian's qemu-user-static does" + alternative)
    }
}
