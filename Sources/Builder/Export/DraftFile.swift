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
    /// What is in the file: folders and layers.
    private var archive = LayoutArchive()
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

    /// Writes layers behind those that are there, and the folders before the first.
    mutating func append(_ layers: [Descriptor]) throws(ImageError) {
        let written = writer.position > 0 ? archive.leading.count : 0
        archive.add(layers: layers)
        try writer.write(archive.leading[written...], to: output.file)
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
        guard let member = archive.nextMember(for: layer) else {
            try reject()
            return true
        }
        let end = writer.position + TarRecord.headerSize + layer.size
        let found = try ImageError.system { () throws(SyscallError) in try output.file.status().size }
        guard twin?.isWhole == true, found == end, member.header.count == TarRecord.headerSize else {
            return false
        }
        try writer.enclose(member, in: output.file)
        archive.add(layers: [layer])
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
        guard archive.members.starts(with: self.archive.leading) else { return nil }
        return BegunOutput(file: output, members: self.archive.leading.count)
    }
}
