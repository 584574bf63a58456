/// The beginning of a program's file, which says for what machine it was made (ELF, gABI chapter 4).
struct ProgramHeader: Sendable {
    static let size = 20

    /// The architecture in the words of platforms, or as a number; `nil` if the file is no ELF program.
    let architecture: String?

    init(_ bytes: [UInt8]) {
        guard bytes.count >= Self.size,
            bytes.starts(with: [0x7F, UInt8(ascii: "E"), UInt8(ascii: "L"), UInt8(ascii: "F")])
        else {
            architecture = nil
            return
        }
        let isBigEndian = bytes[5] == 2
        let (first, second) = (UInt16(bytes[18]), UInt16(bytes[19]))
        let machine = isBigEndian ? first << 8 | second : second << 8 | first
        architecture = Self.names[machine] ?? "machine \(machine)"
    }

    private static let names: [UInt16: String] = [
        3: "386", 8: "mips", 20: "ppc", 21: "ppc64le", 22: "s390x", 40: "arm", 62: "amd64", 183: "arm64",
        243: "riscv64",
        258: "loong64",
    ]
}
