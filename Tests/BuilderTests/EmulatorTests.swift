import SystemPackage
import Testing

@testable import Builder

@Suite("An emulator that the kernel knows")
struct EmulatorTests {
    /// As Debian's qemu-user-static registers it.
    private static let arm = """
        enabled
        interpreter /usr/bin/qemu-aarch64-static
        flags: POCF
        offset 0
        magic 7f454c460201010000000000000000000200b700
        mask ffffffffffffff00fffffffffffffffffeffffff

        """

    private func header(_ machine: UInt8) -> [UInt8] {
        [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 3] + [UInt8](repeating: 0, count: 8) + [3, 0, machine, 0, 1, 2, 3]
    }

    @Test("is for the files that its magic and mask describe")
    func fitting() throws {
        let emulator = try #require(Emulator(parsing: Self.arm))
        #expect(emulator.interpreter == "/usr/bin/qemu-aarch64-static")
        #expect(emulator.isOpenAlready)
        #expect(emulator.isFor(header(183)))
        #expect(!emulator.isFor(header(62)))
        #expect(!emulator.isFor([0x7F, 0x45]))
    }

    @Test("says whether the image has to have it")
    func flags() throws {
        let text = Self.arm.replacing("flags: POCF", with: "flags: ")
        #expect(try #require(Emulator(parsing: text)).isOpenAlready == false)
    }

    @Test(
        "is none if it is off, goes by a name's ending, or makes no sense",
        arguments: [
            arm.replacing("enabled", with: "disabled"), "enabled\ninterpreter /bin/x\nflags: \nextension .exe\n", "",
            arm.replacing("offset 0", with: "offset -1"), arm.replacing("magic 7f", with: "magic zz"),
            arm.replacing("mask ff", with: "mask "),
        ])
    func others(text: String) {
        #expect(Emulator(parsing: text) == nil)
    }
}
