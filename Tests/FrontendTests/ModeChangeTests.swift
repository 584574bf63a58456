import Testing

@testable import Frontend

@Suite("--chmod")
struct ModeChangeTests {
    @Test(
        "Modes become what chmod makes of them",
        arguments: [
            ("644", 0o755, false, 0o644), ("0", 0o755, false, 0), ("7777", 0, true, 0o7777),
            ("u+x", 0o644, false, 0o744),
            ("+x", 0o644, false, 0o755), ("a-w", 0o666, false, 0o444), ("go=", 0o777, false, 0o700),
            ("u=rwX,go=rX", 0o600, false, 0o644), ("u=rwX,go=rX", 0o700, false, 0o755),
            ("u=rwX,go=rX", 0o600, true, 0o755), ("go=u", 0o750, false, 0o777), ("o=g-w", 0o770, false, 0o775),
            ("u+s", 0o755, false, 0o4755), ("g+s", 0o755, true, 0o2755), ("+t", 0o777, true, 0o1777),
            ("u-s", 0o4755, false, 0o755), ("ug+rw,o-rwx", 0o607, false, 0o660), ("u=g", 0o057, false, 0o557),
            ("u+r-w+x", 0o200, false, 0o500),
        ] as [(String, UInt16, Bool, UInt16)])
    func applied(text: String, mode: UInt16, isFolder: Bool, result: UInt16) throws {
        #expect(try #require(ModeChange(text)).applied(to: mode, isFolder: isFolder) == result)
    }

    @Test(
        "What chmod would not take is refused",
        arguments: [
            "", "8", "10000", "-1", "u", "u+q", "x", ",", "u+x,", "rwx", "0x1", "u++é", "99999999", "u=z", "u=ug",
            "u=rg", "u=gr", "0755x", "77777777777777",
        ])
    func refused(text: String) { #expect(ModeChange(text) == nil) }

    @Test("Only a number is absolute")
    func absolute() {
        #expect(ModeChange("0755")?.absolute == 0o755)
        #expect(ModeChange("u=rwx")?.absolute == nil)
    }
}
