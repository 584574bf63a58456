import TestSupport

/// An archive that tries to get at what lies outside of where it is unpacked.
struct HostileArchive: Sendable {
    let name: String
    /// Adds the entries; the path is that of a folder of the host that is not to be touched.
    let make: @Sendable (inout TarBytes, String) -> Void

    init(_ name: String, _ make: @escaping @Sendable (inout TarBytes, String) -> Void) {
        self.name = name
        self.make = make
    }

    static let all: [HostileArchive] = [
        HostileArchive("absolute path") { $0.file("\($1)/new", "intruded") },
        HostileArchive("path that climbs") { $0.file("../../../../../../../../..\($1)/new", "intruded") },
        HostileArchive("path that climbs from within") {
            $0.folder("a/")
            $0.file("a/../../../../../../../../../..\($1)/new", "intruded")
        },
        HostileArchive("file through an absolute link") {
            $0.symbolicLink("door", to: $1)
            $0.file("door/new", "intruded")
        },
        HostileArchive("file through a climbing link") {
            $0.symbolicLink("door", to: "../../../../../../../../..\($1)")
            $0.file("door/new", "intruded")
        },
        HostileArchive("file through a chain of links") {
            $0.symbolicLink("first", to: "/")
            $0.symbolicLink("second", to: "first\($1)")
            $0.file("second/new", "intruded")
        },
        HostileArchive("file written through a link of its own name") {
            $0.symbolicLink("file", to: "\($1)/kept")
            $0.file("file", "intruded")
        },
        HostileArchive("folder that becomes a link") {
            $0.folder("swap/")
            $0.symbolicLink("swap", to: $1)
            $0.file("swap/new", "intruded")
        },
        HostileArchive("hard link to an absolute path") { $0.hardLink("linked", to: "\($1)/kept") },
        HostileArchive("hard link that climbs") {
            $0.hardLink("linked", to: "../../../../../../../../..\($1)/kept")
        },
        HostileArchive("hard link through a link") {
            $0.symbolicLink("door", to: $1)
            $0.hardLink("linked", to: "door/kept")
            $0.file("linked", "intruded")
        },
        HostileArchive("device 0:0, which overlays take for a deletion") { forge, _ in
            forge.node("bin", type: "3")
        },
        HostileArchive("overlay attributes that move a folder") { forge, _ in
            forge.folder("secret/")
            forge.file("secret/key", "hidden")
            forge.records("SCHILY.xattr.trusted.overlay.redirect", "/secret")
            forge.folder("public/")
            forge.records("SCHILY.xattr.trusted.overlay.opaque", "y")
            forge.folder("etc/")
            forge.records("SCHILY.xattr.trusted.overlay.metacopy", "")
            forge.file("linked")
        },
    ]
}
