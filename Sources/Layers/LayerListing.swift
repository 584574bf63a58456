package import Linux
package import OCI

/// What the archive of a layer lists, in its own order. Nothing is unpacked for it.
package struct LayerListing: Sendable {
    package enum Item: Hashable, Sendable {
        /// An entry, and what it holds if it is a file and that was asked for.
        case entry(TarEntry, contents: Digest?)
        /// The lower file or folder is gone.
        case deletion(TreePath)
        /// Nothing that lower layers have in the folder shows through.
        case opaque(TreePath)
    }

    /// Whether the contents of files are hashed on the way.
    package enum Contents: Hashable, Sendable {
        case named
        case passedOver
    }

    package let items: [Item]
    package let summary: ArchiveSummary

    /// Reads a blob whole, from the file's position on.
    package init(
        reading blob: consuming File, contents: Contents, limits: ArchiveLimits = ArchiveLimits()
    ) throws(LayerError) {
        let reader = try TarReader(blob, limits: limits)
        var items: [Item] = []
        while let entry = try reader.next() {
            let mark: WhiteoutMark?
            do throws(WhiteoutMark.Fault) { mark = try WhiteoutMark(entry) } catch {
                throw .refused(reader.member, reason: error.reason)
            }
            switch mark {
            case .deletion(let path): items.append(.deletion(path))
            case .opaque(let path): items.append(.opaque(path))
            case nil:
                let digest = contents == .named ? try Self.digest(of: entry, from: reader) : nil
                items.append(.entry(entry, contents: digest))
            }
        }
        self.items = items
        summary = try reader.finish(.bare)
    }

    private static func digest(of entry: TarEntry, from reader: TarReader) throws(LayerError) -> Digest? {
        guard case .file = entry.kind else { return nil }
        var hasher = DigestHasher()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
        defer { buffer.deallocate() }
        while true {
            let count = try reader.read(into: buffer)
            if count == 0 { return hasher.finish() }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}

extension TarReader {
    /// Passes on the contents of the first file of that path in an archive, until the reader says that it wants no more by
    /// returning false; false if there is no such file.
    package static func readFile(
        _ path: TreePath, in blob: consuming File, limits: ArchiveLimits = ArchiveLimits(),
        _ reader: (UnsafeRawBufferPointer) -> Bool
    ) throws(LayerError) -> Bool {
        let archive = try TarReader(blob, limits: limits)
        while let entry = try archive.next() {
            guard entry.path == path, case .file = entry.kind else { continue }
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
            defer { buffer.deallocate() }
            while true {
                let count = try archive.read(into: buffer)
                guard count > 0, reader(UnsafeRawBufferPointer(rebasing: buffer[..<count])) else { return true }
            }
        }
        return false
    }
}
