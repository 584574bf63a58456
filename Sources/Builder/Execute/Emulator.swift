import Linux
import SystemPackage

/// A program that the kernel starts in the place of another machine's (Documentation/admin-guide/binfmt-misc.rst).
struct Emulator: Hashable, Sendable {
    let interpreter: FilePath
    /// Flag `F`: the kernel opened the interpreter when it was registered. Without it the interpreter is looked for in
    /// the step's own files.
    let isOpenAlready: Bool
    private let offset: Int
    private let magic: [UInt8]
    private let mask: [UInt8]

    /// Where the kernel lists what is registered.
    static let registry: FilePath = "/proc/sys/fs/binfmt_misc"

    /// What a file of the kernel's list says; `nil` for one that is off, that goes by a name's ending, or that is none.
    init?(parsing text: String) {
        var fields: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1)
            if let name = words.first { fields[name] = words.count > 1 ? words[1] : "" }
        }
        guard fields["enabled"] != nil, let interpreter = fields["interpreter"],
            let magic = fields["magic"].flatMap(Self.bytes), !magic.isEmpty
        else { return nil }
        self.interpreter = FilePath(String(interpreter))
        isOpenAlready = fields["flags:"]?.contains("F") ?? false
        offset = fields["offset"].flatMap { Int($0) } ?? 0
        self.magic = magic
        mask = fields["mask"].flatMap(Self.bytes) ?? magic.map { _ in 0xFF }
        guard offset >= 0, offset <= 256, mask.count == magic.count else { return nil }
    }

    /// Those that are registered here; none where the kernel's list is not mounted.
    static var registered: [Emulator] {
        guard let folder = try? Folder(opening: registry), let entries = try? folder.entries() else { return [] }
        return entries.compactMap { entry in
            guard let file = try? folder.open(named: entry.name), let text = try? File(file).readAll(limit: 1 << 16)
            else { return nil }
            return Emulator(parsing: String(decoding: text, as: UTF8.self))
        }
    }

    /// True if the kernel starts it for a file that begins so.
    func isFor(_ beginning: [UInt8]) -> Bool {
        let part = beginning.dropFirst(offset).prefix(magic.count)
        return part.count == magic.count && zip(part, zip(magic, mask)).allSatisfy { $0 & $1.1 == $1.0 & $1.1 }
    }

    private static func bytes(hex text: Substring) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        return bytes
    }
}
