import Glibc
package import Linux
package import OCI
import SystemPackage

extension MergedTree {
    /// What a folder holds, every layer's part of it together, sorted by bytes.
    package func entries(of folder: Found) throws(LayerError) -> [Found] {
        var names: Set<[UInt8]> = []
        for index in folder.layers { names.formUnion(try layers[index].names(in: folder.path)) }
        var entries: [Found] = []
        entries.reserveCapacity(names.count)
        for name in names.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            if let entry = try child(name, of: folder) { entries.append(entry) }
        }
        return entries
    }

    /// The same for a path; empty if it leads to no folder.
    package func entries(of path: TreePath) throws(LayerError) -> [Found] {
        guard let folder = try lookup(path, lastLink: .follow), folder.status.kind == .folder else { return [] }
        return try entries(of: folder)
    }

    /// The names in a folder that may lead elsewhere than in `lower`, of whose layers and further ones this tree is made;
    /// sorted by bytes. `below` is what `lower` has in the folder's place, if that is a folder.
    ///
    /// The names of whiteouts are among them. As long as the lower folder shows through, its own names are not.
    package func names(in folder: Found, over lower: MergedTree, where below: Found?) throws(LayerError) -> [[UInt8]] {
        var names: Set<[UInt8]> = []
        let own = folder.layers.prefix { $0 >= lower.layers.count }
        for index in own { names.formUnion(try layers[index].names(in: folder.path)) }
        if let below, own.count == folder.layers.count {
            for index in below.layers { names.formUnion(try layers[index].names(in: below.path)) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// All extended attributes but the overlay's own, sorted by name.
    package func attributes(of entry: Found) throws(LayerError) -> [ExtendedAttribute] {
        guard let index = entry.layers.first else { return [] }
        return try layers[index].attributes(of: entry.path).filter { !$0.isOverlays }
    }

    package func linkTarget(of link: Found) throws(LayerError) -> [UInt8] {
        guard let index = link.layers.first else { return [] }
        return try layers[index].linkTarget(of: link.path)
    }

    /// Opens a file that was found here for reading.
    package func open(_ file: Found) throws(LayerError) -> File {
        guard let index = file.layers.first else {
            throw .system(SyscallError("open", file.path.description, .noSuchFileOrDirectory))
        }
        return try layers[index].open(file.path)
    }
}

extension ExtendedAttribute {
    /// True for what overlayfs notes for itself.
    var isOverlays: Bool { Whiteout.attributePrefixes.contains { name.starts(with: $0) } }
}
