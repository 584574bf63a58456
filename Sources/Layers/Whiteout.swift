package import OCI

/// How layers and overlayfs say that a lower entry is gone.
///
/// In a layer: an empty file `.wh.<name>` hides the lower `<name>`, `.wh..wh..opq` all that the lower folder holds
/// (image-spec, layer.md). In an overlay: a character device 0:0, or an empty file with the attribute
/// `overlay.whiteout`; and `overlay.opaque` = `y` on the folder. The attributes' prefix is `trusted.`, or `user.` where
/// mounts are not privileged.
package enum Whiteout {
    package static let prefix = Array(".wh.".utf8)
    package static let opaqueName = Array(".wh..wh..opq".utf8)

    /// The overlay's own attributes, which never leave the machine.
    package static let attributePrefixes = [Array("trusted.overlay.".utf8), Array("user.overlay.".utf8)]
    package static let opaqueAttributes = [Array("trusted.overlay.opaque".utf8), Array("user.overlay.opaque".utf8)]
    package static let whiteoutAttributes = [
        Array("trusted.overlay.whiteout".utf8), Array("user.overlay.whiteout".utf8),
    ]

    /// Attributes with which an upper folder refers to its lower one instead of holding what it shows.
    private static let references = ["redirect", "metacopy"].flatMap { name in
        attributePrefixes.map { $0 + Array(name.utf8) }
    }

    static func isReference(_ attribute: [UInt8]) -> Bool { references.contains(attribute) }

    /// True for a name that no file of a layer can have.
    package static func isReserved(_ name: some Collection<UInt8>) -> Bool { name.starts(with: prefix) }

    /// The entry that hides the lower `path`.
    package static func entry(for path: TreePath) -> TarEntry {
        TarEntry(path.parent.appending(prefix + path.name), .file(size: 0), mode: 0)
    }
}
