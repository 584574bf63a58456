import Testing

@testable import Builder

@Suite("The header of a program")
struct ProgramHeaderTests {
    private func header(_ machine: [UInt8], order: UInt8 = 1) -> [UInt8] {
        [0x7F, 0x45, 0x4C, 0x46, 2, order, 1] + [UInt8](repeating: 0, count: 11) + machine
    }

    @Test("names the machine in either order of bytes")
    func machines() {
        #expect(ProgramHeader(header([183, 0])).architecture == "arm64")
        #expect(ProgramHeader(header([0, 22], order: 2)).architecture == "s390x")
        #expect(ProgramHeader(header([0xFF, 0x01])).architecture == "machine 511")
    }

    @Test("is none of a script or a piece of a file")
    func others() {
        #expect(ProgramHeader(Array("#!/bin/sh\necho hello there\n".utf8)).architecture == nil)
        #expect(ProgramHeader(Array(header([183, 0]).dropLast())).architecture == nil)
        #expect(ProgramHeader([]).architecture == nil)
    }
}
