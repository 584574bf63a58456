import Linux
import OCI
import Store
import SystemPackage

/// Writes an image as a folder in OCI layout. Into a layout that is there already the image is added.
struct LayoutFolder {
    let store: Store
    let persistence: Persistence

    func write(
        _ image: BuiltImage, named names: [LayoutName], into folder: borrowing Folder
    ) throws(ImageError) {
        try ImageError.system { () throws(SyscallError) in
            for name in ["blobs", "blobs/sha256"] where try folder.status(of: FilePath(name)) == nil {
                try folder.makeFolder(FilePath(name))
            }
        }
        for blob in image.blobs {
            let name = FilePath("blobs/sha256/\(blob.digest.hex)")
            let there = try ImageError.system { () throws(SyscallError) in try folder.status(of: name) }
            guard there?.size != blob.size else { continue }
            let source = try ImageError.store { () throws(StoreError) in try store.blobs.open(blob.digest) }
            try ImageError.system { () throws(SyscallError) in
                try replace(name, in: folder) { file throws(SyscallError) in
                    try file.append(from: source, count: blob.size)
                    file.startWriteback(at: 0, count: blob.size, for: persistence)
                }
            }
        }
        let index = try merged(LayoutDocuments.index(image.root, names: names), into: folder, names)
        try ImageError.system { () throws(SyscallError) in
            try replace("oci-layout", in: folder) { file throws(SyscallError) in
                try file.write(LayoutDocuments.marker)
            }
            try replace("index.json", in: folder) { file throws(SyscallError) in try file.write(index) }
        }
    }

    /// The images that are there already and keep their names, followed by the new one.
    private func merged(
        _ new: [UInt8], into folder: borrowing Folder, _ names: [LayoutName]
    ) throws(ImageError) -> [UInt8] {
        let old = try ImageError.system { () throws(SyscallError) -> [UInt8]? in
            guard try folder.status(of: "index.json")?.kind == .regular else { return nil }
            return try File(try folder.open("index.json")).readAll(limit: Int(DocumentLimit.manifest))
        }
        guard let old else { return new }
        do throws(OCIError) {
            let added = try ImageIndex(parsing: new).manifests
            let taken = Set(names.compactMap(\.image?.description))
            let texts = Set(names.map(\.text))
            var index = try ImageIndex(parsing: old)
            // Others than we give images no full name.
            index.manifests.removeAll { descriptor in
                let text = descriptor.annotations[Annotation.referenceName]
                return descriptor.annotations[Annotation.imageName].map(taken.contains)
                    ?? (text == nil || texts.contains(text))
            }
            index.manifests += added
            return index.serialised()
        } catch {
            throw .usage("the folder's `index.json` is none of an OCI layout: \(error)")
        }
    }

    private func replace(
        _ name: FilePath, in folder: borrowing Folder, _ write: (borrowing File) throws(SyscallError) -> Void
    ) throws(SyscallError) {
        let temporary = FilePath("\(OutputFile.temporaryPrefix)file")
        try folder.removeTree(temporary)
        try write(try folder.createFile(temporary))
        try folder.rename(temporary, to: name, in: folder)
    }
}
