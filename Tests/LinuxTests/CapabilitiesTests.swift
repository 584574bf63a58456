import Testing

@testable import Linux

@Suite("Capabilities")
struct CapabilitiesTests {
    @Test("are found by their names, with a prefix or without, in any letter case")
    func names() {
        #expect(Capabilities(name: "CAP_CHOWN") == .changeOwner)
        #expect(Capabilities(name: "mknod") == .makeNodes)
        #expect(Capabilities(name: "cap_setfcap") == .grantToFiles)
        #expect(Capabilities(name: "CHECKPOINT_RESTORE")?.rawValue == 1 << 40)
        for name in ["", "CAP_", "ALL", "CHOWN ", "CAP_CAP_CHOWN"] { #expect(Capabilities(name: name) == nil) }
    }

    @Test("say their names in the order of their numbers")
    func spelled() {
        #expect(Capabilities([.makeNodes, .changeOwner]).names == ["CHOWN", "MKNOD"])
        #expect(Capabilities.all.names.count == 41)
        #expect(Capabilities.container.names.allSatisfy { Capabilities(name: $0) != nil })
    }

    @Test("without which a filter is the usual one let calls through with which it is not")
    func filters() {
        #expect(SeccompProfile.container(with: .container) == .container)
        let wider = SeccompProfile.container(with: Capabilities.container.union(Capabilities(name: "SYS_ADMIN") ?? []))
        #expect(wider != .container)
    }
}
