import Layers
import Linux
import OCI
import Store
import SystemPackage

/// The beginning of an archive, in a file that nobody else can see.
struct DraftFile: ~Copyable {
    private let output: OutputFile
    private let persistence: Persistence
    private var writer: LayoutArchiveWriter
    /// Its first `count` members are in the file.
    private var archive = LayoutArchive()
    private var count = 0
    /// What the blob is written through that was given a place.
    private var twin: FileTwin?

    /// `nil` where a file would be seen before it is complete.
    init?(at path: FilePath, in store: Store, for persistence: Persistence) throws(ImageError) {
        output = try ImageError.system { () throws(SyscallError) in try OutputFile(at: path) }
        guard output.isUnseen else { return nil }
        self.persistence = persistence
        writer = LayoutArchiveWriter(store: store, persistence: persistence)
    }

    /// True if there is room for all that the file holds, these layers among it, once more: later steps may need it,
    /// and an output that nobody has begun takes none yet.
    func hasRoom(for layers: [Descriptor]) throws(ImageError) -> Bool {
        let more = layers.reduce(0) { $0 + $1.size }
        let room = try ImageError.system { () throws(SyscallError) in try output.file.room() }
        return room >= FileTwin.spare + writer.position + 2 * more
    }

    /// Writes layers behind those that are there.
    mutating func append(_ layers: [Descriptor]) throws(ImageError) {
        archive.add(layers: layers)
        let members = archive.members
        try writer.write(members[count...], to: output.file)
        count = members.count
    }

    /// Where the blob of the next layer goes. Its header comes when its size is known.
    mutating func place() throws(ImageError) -> FileTwin {
        let start = writer.position + TarRecord.headerSize
        let handle = try ImageError.system { () throws(SyscallError) in try output.file.handle.duplicate() }
        let place = FileTwin(File(handle), at: start, for: persistence)
        twin = place
        return place
    }

    /// Takes in what was written into the place; false if that is not all of the layer, or cannot be.
    mutating func accept(_ layer: Descriptor) throws(ImageError) -> Bool {
        var longer = archive
        longer.add(layers: [layer])
        let members = longer.members
        guard members.count > count else {
            try reject()
            return true
        }
        let end = writer.position + TarRecord.headerSize + layer.size
        let found = try ImageError.system { () throws(SyscallError) in try output.file.status().size }
        guard twin?.isWhole == true, found == end, members[count].header.count == TarRecord.headerSize else {
            return false
        }
        try writer.enclose(members[count], in: output.file)
        (archive, count) = (longer, members.count)
        return true
    }

    /// Forgets what was written into the place.
    func reject() throws(ImageError) {
        try ImageError.system { () throws(SyscallError) in
            try output.file.truncate(to: writer.position)
            try output.file.seek(to: writer.position)
        }
    }

    /// The file, if an archive begins with what it holds.
    consuming func begun(_ archive: LayoutArchive) -> BegunOutput? {
        guard archive.members.starts(with: self.archive.members[..<count]) else { return nil }
        return BegunOutput(file: output, members: count)
    }
}
