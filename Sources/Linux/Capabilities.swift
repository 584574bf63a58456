import CLinux

/// A set of Linux capabilities, as capabilities(7) numbers them.
package struct Capabilities: OptionSet, Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    package static let changeOwner = Capabilities(number: 0)
    package static let overrideAccess = Capabilities(number: 1)
    package static let ownAnyFile = Capabilities(number: 3)
    package static let keepSetID = Capabilities(number: 4)
    package static let kill = Capabilities(number: 5)
    package static let setGroup = Capabilities(number: 6)
    package static let setUser = Capabilities(number: 7)
    package static let grantToProcesses = Capabilities(number: 8)
    package static let bindLowPorts = Capabilities(number: 10)
    package static let rawNetwork = Capabilities(number: 13)
    package static let changeRoot = Capabilities(number: 18)
    /// To mount, and a good deal besides.
    package static let administer = Capabilities(number: 21)
    package static let makeNodes = Capabilities(number: 27)
    package static let writeAudit = Capabilities(number: 29)
    package static let grantToFiles = Capabilities(number: 31)

    /// What user 0 of a container usually has, and all that a program in it can ever gain.
    package static let container: Capabilities = [
        .changeOwner, .overrideAccess, .ownAnyFile, .keepSetID, .kill, .setGroup, .setUser, .grantToProcesses,
        .bindLowPorts, .rawNetwork, .changeRoot, .makeNodes, .writeAudit, .grantToFiles,
    ]

    /// What the calling thread may do.
    package static var ofThisThread: Capabilities { Capabilities(rawValue: UInt64(clinux_capabilities())) }

    private init(number: UInt64) { rawValue = 1 << number }
}
