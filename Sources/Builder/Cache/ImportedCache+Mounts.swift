import Layers
import Linux
import OCI
import Store
import SystemPackage

extension ImportedCache {
    /// Makes a cache mount's folder from what another machine left; false if no place has it.
    ///
    /// Every chunk has the digest that the list gives it, and the tar of them is laid out as one that ADD unpacks: no name
    /// and no link in it leads out of the folder. If this throws there may be a part of it.
    func fill(_ name: Digest, at path: FilePath) throws(ImageError) -> Bool {
        guard let (record, place) = mounts[name] else { return false }
        let bytes = try place.bytes(of: record.list, limit: ChunkList.limit)
        guard let list = ChunkList(parsing: bytes, packs: place.document.packs) else {
            throw place.files.refusal(
                "cache-document", OCILayoutReader.location(of: record.list.digest), "it is no list of chunks")
        }
        for number in Set(list.chunks.map(\.place.pack)).sorted() {
            try place.fetch(place.document.packs[number], into: store)
        }
        let scratch = try ImageError.store { () throws(StoreError) in try store.blobs.newBlob() }
        let size = try join(list, place.document.packs, into: scratch.file)
        guard size == record.size else {
            throw .rejected(
                "cache-document", "the cache mount `\(record.id)`",
                "it has \(size) bytes, where the record says \(record.size)")
        }
        let tar = try ImageError.store { () throws(StoreError) in try scratch.output() }
        try ImageError.system { () throws(SyscallError) in
            _ = try tar.seek(to: 0)
            try Self.makeFolder(path, record)
        }
        do throws(LayerError) { _ = try ArchiveExtraction().extract(tar, into: path) } catch { throw .layer(error) }
        return true
    }

    /// Writes the chunks one behind the other; returns how many bytes they are.
    private func join(
        _ list: ChunkList, _ packs: [Descriptor], into file: borrowing File
    ) throws(ImageError) -> Int64 {
        var open: [Int: OpenPack] = [:]
        var size: Int64 = 0
        for chunk in list.chunks {
            // Each is a descriptor of the process, which has no thousand of them.
            if open.count > 128, open[chunk.place.pack] == nil { open = [:] }
            let pack =
                if let known = open[chunk.place.pack] { known } else {
                    try OpenPack(packs[chunk.place.pack], in: store)
                }
            open[chunk.place.pack] = pack
            let frame = try ImageError.system { () throws(SyscallError) in
                try pack.file.bytes(at: Int64(chunk.place.offset), upTo: chunk.place.length)
            }
            let bytes = try ImageError.layer { () throws(LayerError) in try ChunkFrame.chunk(in: frame) }
            guard Digest.of(bytes) == chunk.digest else {
                throw .layer(.mismatch(what: "a chunk", expected: "\(chunk.digest)", found: "\(Digest.of(bytes))"))
            }
            try ImageError.system { () throws(SyscallError) in try file.write(bytes) }
            size += Int64(bytes.count)
        }
        return size
    }

    private static func makeFolder(_ path: FilePath, _ record: CacheMountRecord) throws(SyscallError) {
        let name = FilePath(root: nil, path.components.suffix(1))
        let above = try Folder(opening: path.removingLastComponent())
        try above.makeFolder(name, mode: 0o700)
        try above.setOwner(of: name, owner: record.owner, group: record.group)
        try above.setMode(of: name, record.mode)
    }
}

/// A pack's file.
private final class OpenPack {
    let file: File

    init(_ pack: Descriptor, in store: Store) throws(ImageError) {
        file = try ImageError.store { () throws(StoreError) in try store.blobs.open(pack.digest) }
    }
}
