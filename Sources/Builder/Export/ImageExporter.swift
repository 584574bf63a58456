import Glibc
import Layers
package import Linux
import OCI
package import Store
import SystemPackage

/// Writes an image in one of the forms that `-o` knows.
package struct ImageExporter: Sendable {
    private let store: Store
    private let encoder: LayerEncoder
    private let snapshots: SnapshotProvider
    private let persistence: Persistence
    private let draft: OutputDraft?

    package init(
        store: Store, encoder: LayerEncoder, snapshots: SnapshotProvider, persistence: Persistence = .disk
    ) {
        self.init(store: store, encoder: encoder, snapshots: snapshots, persistence: persistence, draft: nil)
    }

    /// One that goes on with an output that is begun.
    init(
        store: Store, encoder: LayerEncoder, snapshots: SnapshotProvider, persistence: Persistence,
        draft: OutputDraft?
    ) {
        self.draft = draft
        self.store = store
        self.encoder = encoder
        self.snapshots = snapshots
        self.persistence = persistence
    }

    /// Writes one output: complete, or not at all. What holds exactly this already is left alone.
    ///
    /// `progress` is told bytes written, and how many there will be if that is known.
    package func export(
        _ image: BuiltImage, named names: [LayoutName], to output: Output,
        progress: (Int64, Int64?) -> Void = { _, _ in }
    ) throws(ImageError) -> WrittenOutput {
        switch (output.form, output.destination) {
        case (.none, _), (.registry, _), (_, .registry):
            return WrittenOutput(output: output, size: nil, isUnchanged: false)
        case (.ociFolder, .path(let path)):
            try Self.inFolder(path, persistence) { folder throws(ImageError) in
                try LayoutFolder(store: store, persistence: persistence).write(image, named: names, into: folder)
            }
            return WrittenOutput(output: output, size: nil, isUnchanged: false)
        case (.local, .path(let path)):
            try exportFolder(image, to: path)
            return WrittenOutput(output: output, size: nil, isUnchanged: false)
        case (.ociFolder, .standardOutput), (.local, .standardOutput):
            throw .usage("`type=\(output.form.rawValue)` writes a folder, which standard output cannot take")
        case (.image, _), (.oci, _), (.docker, _), (.tar, _):
            return try exportFile(image, named: names, to: output, progress: progress)
        }
    }

    /// The files of one image, or those of each platform in a folder of its name.
    private func exportFolder(_ image: BuiltImage, to path: FilePath) throws(ImageError) {
        let trees = try image.images.map { image throws(ImageError) in
            (name: FilePath(image.folderName), tree: try tree(of: image))
        }
        try Self.inFolder(path, persistence) { folder throws(ImageError) in
            for (name, tree) in trees {
                var copier = TreeCopier(tree)
                guard image.single == nil else {
                    try copier.copy(into: folder)
                    continue
                }
                try copier.copy(
                    into: try ImageError.system { () throws(SyscallError) in
                        if try folder.status(of: name) == nil { try folder.makeFolder(name) }
                        return try folder.openFolder(name)
                    })
            }
        }
    }

    private func exportFile(
        _ image: BuiltImage, named names: [LayoutName], to output: Output, progress: (Int64, Int64?) -> Void
    ) throws(ImageError) -> WrittenOutput {
        if image.single == nil, [.docker, .tar].contains(output.form) {
            throw .usage("`type=\(output.form.rawValue)` holds the image of one platform, and this is for several")
        }
        let contents = identity(of: image, named: names, as: output.form)
        if case .path(let path) = output.destination, let size = try sizeIfUnchanged(path, holds: contents) {
            return WrittenOutput(output: output, size: size, isUnchanged: true)
        }
        if output.form == .tar, let image = image.single {
            let file = try open(output.destination)
            let size = try packTree(of: image, into: file)
            try commit(file, holding: contents)
            return WrittenOutput(output: output, size: size, isUnchanged: false)
        }
        let exporter = LayoutExporter(store: store, encoder: encoder)
        let archive = try exporter.archive(of: image, named: names, as: output.form)
        let begun =
            if let begun = draft?.take(for: output, archive) { begun } else {
                BegunOutput(file: try open(output.destination), members: 0)
            }
        let size = archive.size
        try exporter.write(archive, to: begun, for: persistence) { progress($0, size) }
        try commit(begun.finished(), holding: contents)
        return WrittenOutput(output: output, size: size, isUnchanged: false)
    }

    private func commit(_ file: consuming OutputFile, holding contents: Digest) throws(ImageError) {
        let status: FileStatus?
        do { status = try file.commit(persistence) } catch { throw .system(error) }
        guard let status else { return }
        try ImageError.store { () throws(StoreError) in
            try store.outputs.remember(contents, for: status, on: persistence)
        }
    }

    private func open(_ destination: Output.Destination) throws(ImageError) -> OutputFile {
        try ImageError.system { () throws(SyscallError) in
            switch destination {
            case .path(let path): try OutputFile(at: path)
            case .standardOutput:
                OutputFile(streamingTo: File(try Self.duplicate(STDOUT_FILENO)))
            case .registry: throw SyscallError("open", "a registry", .notSupported)
            }
        }
    }

    private static func duplicate(_ number: Int32) throws(SyscallError) -> OwnedDescriptor {
        let copy = fcntl(number, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else { throw SyscallError("fcntl", "standard output", Errno(rawValue: errno)) }
        return OwnedDescriptor(copy)
    }

    /// What the bytes of an output follow from.
    private func identity(
        of image: BuiltImage, named names: [LayoutName], as form: Output.Form
    ) -> Digest {
        var hasher = DigestHasher()
        hasher.updateFramed(Array("output/3".utf8))
        hasher.updateFramed(Array(form.rawValue.utf8))
        hasher.updateFramed(image.root.digest.bytes)
        if form != .tar {
            for name in names {
                hasher.updateFramed(Array((name.text ?? "").utf8))
                hasher.updateFramed(Array((name.image?.description ?? "").utf8))
            }
        }
        return hasher.finish()
    }

    private func sizeIfUnchanged(_ path: FilePath, holds contents: Digest) throws(ImageError) -> Int64? {
        guard let file = try? File(opening: path, O_RDONLY | O_NONBLOCK), let status = try? file.status(),
            status.kind == .regular
        else { return nil }
        let found = try ImageError.store { () throws(StoreError) in
            try store.outputs.persistence(of: status, holding: contents)
        }
        guard let found else { return nil }
        if found == .kernel, persistence == .disk {
            try ImageError.system { () throws(SyscallError) in try OutputFile.sync(file, at: path) }
            try ImageError.store { () throws(StoreError) in
                try store.outputs.remember(contents, for: status, on: .disk)
            }
        }
        return status.size
    }

    private func tree(of image: AssembledImage) throws(ImageError) -> MergedTree {
        let folders = try snapshots.folders(for: image.diffIDs)
        return try ImageError.layer { () throws(LayerError) in try MergedTree(layers: folders) }
    }

    private func packTree(of image: AssembledImage, into output: borrowing OutputFile) throws(ImageError) -> Int64 {
        let tree = try tree(of: image)
        let handle = try ImageError.system { () throws(SyscallError) in try output.file.handle.duplicate() }
        do throws(LayerError) {
            var writer = try LayerWriter(into: File(handle), compression: .none, threads: 1, for: persistence)
            var packer = TreePacker(tree)
            try packer.pack(into: &writer)
            return try writer.finish().size
        } catch {
            throw .layer(error)
        }
    }

    /// Fills a folder; a new one appears when it is complete.
    static func inFolder(
        _ path: FilePath, _ persistence: Persistence, _ body: (borrowing Folder) throws(ImageError) -> Void
    ) throws(ImageError) {
        let output = try ImageError.system { () throws(SyscallError) in try OutputFolder(at: path) }
        try body(output.folder)
        do { try output.commit(persistence) } catch { throw .system(error) }
    }
}
