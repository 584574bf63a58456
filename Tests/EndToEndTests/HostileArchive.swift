import Testing

/// An archive that tries to get at what lies outside of where it is unpacked.
struct HostileArchive: CustomTestStringConvertible, Sendable {
    let name: String
    /// Adds the entries; the path is that of a folder of the host that is not to be touched.
    let make: @Sendable (inout TarForge, String) -> Void

    var testDescription: String { name }

    init(_ name: String, _ make: @escaping @Sendable (inout TarForge, String) -> Void) {
        self.name = name
        self.make = make
    }

    static let all: [HostileArchive] = [
        HostileArchive("absolute path") { $0.add(.file, "\($1)/new", "intruded") },
        HostileArchive("path that climbs") { $0.add(.file, "../../../../../../../../..\($1)/new", "intruded") },
        HostileArchive("path that climbs from within") {
            $0.add(.folder, "a/")
            $0.add(.file, "a/../../../../../../../../../..\($1)/new", "intruded")
        },
        HostileArchive("file through an absolute link") {
            $0.add(.symbolicLink, "door", link: $1)
            $0.add(.file, "door/new", "intruded")
        },
        HostileArchive("file through a climbing link") {
            $0.add(.symbolicLink, "door", link: "../../../../../../../../..\($1)")
            $0.add(.file, "door/new", "intruded")
        },
        HostileArchive("file through a chain of links") {
            $0.add(.symbolicLink, "first", link: "/")
            $0.add(.symbolicLink, "second", link: "first\($1)")
            $0.add(.file, "second/new", "intruded")
        },
        HostileArchive("file written through a link of its own name") {
            $0.add(.symbolicLink, "file", link: "\($1)/kept")
            $0.add(.file, "file", "intruded")
        },
        HostileArchive("folder that becomes a link") {
            $0.add(.folder, "swap/")
            $0.add(.symbolicLink, "swap", link: $1)
            $0.add(.file, "swap/new", "intruded")
        },
        HostileArchive("hard link to an absolute path") { $0.add(.hardLink, "linked", link: "\($1)/kept") },
        HostileArchive("hard link that climbs") {
            $0.add(.hardLink, "linked", link: "../../../../../../../../..\($1)/kept")
        },
        HostileArchive("hard link through a link") {
            $0.add(.symbolicLink, "door", link: $1)
            $0.add(.hardLink, "linked", link: "door/kept")
            $0.add(.file, "linked", "intruded")
        },
        HostileArchive("device 0:0, which overlays take for a deletion") { forge, _ in
            forge.add(.character, "bin")
        },
        HostileArchive("overlay attributes that move a folder") { forge, _ in
            forge.add(.folder, "secret/")
            forge.add(.file, "secret/key", "hidden")
            forge.add(
                .folder, "public/",
                attributes: [("trusted.overlay.redirect", "/secret"), ("trusted.overlay.opaque", "y")])
            forge.add(.folder, "etc/", attributes: [("trusted.overlay.opaque", "y")])
            forge.add(.file, "linked", attributes: [("trusted.overlay.metacopy", "")])
        },
    ]
}
