import Frontend
import Layers
import Linux
import OCI
import Store
import SystemPackage

/// Puts what a build's cache mounts hold into chunks for other machines.
struct CacheMountExport {
    /// A cache mount that a step of the build has.
    struct Mount: Hashable, Sendable {
        let name: Digest
        let id: String
        /// Which of the folders of that name this build has used.
        let number: Int
        /// False if no step of this build had it, so that it is what the last build left.
        let wasUsed: Bool
    }

    /// More packs than this are made anew, and so is what is more than half waste.
    private static let maximumPacks = 256

    let store: Store
    let choice: CacheMountChoice
    let interruption: Interruption
    let events: EventSink

    /// The part of a document that is about cache mounts. What `place`, where it will go, has already is not made again;
    /// a mount that is not here, or that nobody has used since, stays as the place has it.
    func document(of mounts: [Mount], at place: CachePlace?) throws(ImageError) -> CacheDocument {
        let before = place.flatMap(Self.lists) ?? [:]
        var kept: [(record: CacheMountRecord, list: ChunkList)] = []
        var wanted: [Mount] = []
        for mount in mounts where choice.takes(mount.id) {
            let isHere = try ImageError.store { () throws(StoreError) in
                try store.mounts.contains(mount.name, number: mount.number)
            }
            if let old = before[mount.name], !isHere || !mount.wasUsed {
                kept.append(old)
            } else if isHere {
                wanted.append(mount)
            }
        }
        let packs = place?.document.packs ?? []
        let document = try pack(
            wanted, besides: kept, ChunkPacks(store, knowing: before.values.map(\.list), in: packs))
        guard Self.isWasteful(document.document, document.used) else { return document.document }
        return try pack(wanted, besides: kept, ChunkPacks(store, knowing: kept.map(\.list), in: packs)).document
    }

    /// The lists of a place by the names of their mounts; `nil` if one of them cannot be had: then nothing of it counts.
    private static func lists(of place: CachePlace) -> [Digest: (record: CacheMountRecord, list: ChunkList)]? {
        var lists: [Digest: (record: CacheMountRecord, list: ChunkList)] = [:]
        for record in place.document.mounts {
            guard let bytes = try? place.bytes(of: record.list, limit: ChunkList.limit),
                let list = ChunkList(parsing: bytes, packs: place.document.packs)
            else { return nil }
            lists[record.name] = (record, list)
        }
        return lists
    }

    private static func isWasteful(_ document: CacheDocument, _ used: Int64) -> Bool {
        let size = document.packs.reduce(0) { $0 + $1.size }
        return document.packs.count > maximumPacks || size > 2 * used + (1 << 20)
    }

    /// `used`: how many bytes of the packs chunks of these lists take.
    private func pack(
        _ mounts: [Mount], besides kept: [(record: CacheMountRecord, list: ChunkList)], _ packs: ChunkPacks
    ) throws(ImageError) -> (document: CacheDocument, used: Int64) {
        var packs = packs
        var made = kept
        for mount in mounts {
            if let next = try pack(mount, into: &packs) { made.append(next) }
        }
        try packs.seal()
        let (used, lists) = packs.used(by: made.map(\.list))
        var document = CacheDocument()
        document.packs = used
        for (record, list) in zip(made.map(\.record), lists) {
            let bytes = list.serialised()
            let digest = try ImageError.store { () throws(StoreError) in try store.blobs.put(bytes) }
            document.mounts.append(
                record.listed(in: Descriptor(mediaType: ChunkList.mediaType, digest: digest, size: Int64(bytes.count))))
        }
        document.mounts.sort { $0.name.description < $1.name.description }
        let places = Set(lists.flatMap(\.chunks).map(\.place))
        return (document, places.reduce(0) { $0 + Int64($1.length) })
    }

    /// One mount, which nobody may write to meanwhile; `nil` if it is not to be taken along.
    private func pack(
        _ mount: Mount, into packs: inout ChunkPacks
    ) throws(ImageError) -> (record: CacheMountRecord, list: ChunkList)? {
        let folder = try claim(mount)
        let status = try ImageError.system { () throws(SyscallError) in try Folder(opening: folder.path).status() }
        let tree = try ImageError.layer { () throws(LayerError) in try MergedTree(layers: [folder.path]) }
        guard try isWithinLimit(tree) else {
            events(.note("the cache mount `\(mount.id)` is larger than \(choice.limit) bytes and stays here"))
            return nil
        }
        let scratch = try ImageError.store { () throws(StoreError) in try store.blobs.newBlob() }
        let output = try ImageError.store { () throws(StoreError) in try scratch.output() }
        let size: Int64
        do throws(LayerError) {
            var writer = try LayerWriter(into: output, compression: .none, threads: 1)
            var packer = TreePacker(tree)
            try packer.pack(into: &writer)
            size = try writer.finish().size
        } catch {
            events(.note("the cache mount `\(mount.id)` stays here: \(error)"))
            return nil
        }
        let list = ChunkList(try cut(scratch.file, size, into: &packs))
        let record = CacheMountRecord(
            name: mount.name, id: mount.id, mode: status.mode, owner: status.owner, group: status.group, size: size,
            list: Descriptor(mediaType: ChunkList.mediaType, digest: .of([]), size: 0))
        return (record, list)
    }

    /// Waits for whoever has the folder.
    private func claim(_ mount: Mount) throws(ImageError) -> MountFolder {
        while true {
            let folder = try ImageError.store { () throws(StoreError) in
                try store.mounts.claim(mount.name, number: mount.number, .exclusive)
            }
            if let folder { return folder }
            if interruption.wait(milliseconds: 20) { throw .interrupted }
        }
    }

    private func isWithinLimit(_ tree: MergedTree) throws(ImageError) -> Bool {
        try ImageError.layer { () throws(LayerError) in
            var size: Int64 = 0
            var pending = try tree.entries(of: .root)
            while let entry = pending.popLast() {
                size += 512 + (entry.status.kind == .regular ? entry.status.size : 0)
                guard size <= choice.limit else { return false }
                if entry.status.kind == .folder { pending += try tree.entries(of: entry) }
            }
            return true
        }
    }

    private func cut(
        _ file: borrowing File, _ size: Int64, into packs: inout ChunkPacks
    ) throws(ImageError) -> [ChunkList.Chunk] {
        var chunks: [ChunkList.Chunk] = []
        var position: Int64 = 0
        while position < size {
            let window = try ImageError.system { () throws(SyscallError) in
                try file.bytes(at: position, upTo: 16 * ContentChunks.largest)
            }
            guard !window.isEmpty else { throw .system(SyscallError("pread", "a cache mount", .ioError)) }
            let isLast = position + Int64(window.count) >= size
            var done = 0
            while isLast ? done < window.count : window.count - done >= ContentChunks.largest {
                let chunk = try window.withUnsafeBufferPointer { bytes throws(ImageError) in
                    let rest = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[done...])
                    let length = ContentChunks.firstLength(in: rest)
                    done += length
                    return try packs.add(UnsafeRawBufferPointer(rebasing: rest[..<length]))
                }
                chunks.append(chunk)
            }
            position += Int64(done)
        }
        return chunks
    }
}

extension CacheMountRecord {
    fileprivate func listed(in list: Descriptor) -> CacheMountRecord {
        CacheMountRecord(name: name, id: id, mode: mode, owner: owner, group: group, size: size, list: list)
    }
}
