package import Layers
import Linux
package import OCI
package import Store
import SystemPackage

/// Takes images from folders and archives into the store. Nothing is unpacked: that is done when something reads it.
package struct ImageImporter: Sendable {
    /// How much of an image for several platforms is taken.
    package enum Extent: Hashable, Sendable {
        case chosenPlatform
        /// All of it, if all of it is there.
        case everyPlatform
        /// The same, even if none of it is for the platform.
        case everything
    }

    let store: Store
    let platform: Platform
    let threads: Int
    /// What no layer and no archive may exceed.
    let limits: ArchiveLimits
    /// Without it nothing is fetched from a registry.
    let registries: RegistryAccess?

    package init(
        store: Store, platform: Platform, threads: Int, limits: ArchiveLimits = ArchiveLimits(),
        registries: RegistryAccess? = nil
    ) {
        self.registries = registries
        self.store = store
        self.platform = platform
        self.threads = threads
        self.limits = limits
    }

    /// Takes an image and gives it names: these, or those that the source has for it if there are none.
    package func importImage(
        from source: ImageSource, named names: [Reference]
    ) throws(ImageError) -> ImportedImage {
        let image = try read(source, extent: source.isRemote ? .chosenPlatform : .everyPlatform)
        let all = names.isEmpty ? image.names : names
        guard !all.isEmpty else {
            throw .usage("the image says no name of its own; give it one with `-t name`")
        }
        for name in all {
            try ImageError.store { () throws(StoreError) in
                try store.names.set(name, to: image.root, holding: image.blobs)
            }
        }
        return ImportedImage(base: image.base, root: image.root, names: all, blobs: image.blobs)
    }

    /// Takes an image without naming it.
    package func read(_ source: ImageSource, extent: Extent) throws(ImageError) -> ImportedImage {
        switch source {
        case .path(let path): try readRecognised(path, extent)
        case .ociFolder(let path, let reference): try readLayout(try folder(path), reference, extent, path)
        case .ociArchive(let path, let reference): try readLayout(try archive(path), reference, extent, path)
        case .dockerArchive(let path, let reference):
            try take(
                try DockerArchiveReader(files: try archive(path), platform: platform).select(reference), extent, path)
        case .directory(let path):
            try take(try DirectoryReader(files: try folder(path), platform: platform).select(), extent, path)
        case .rootfs(let path):
            try isFolder(path) ? try importRootfs(folder: path) : try importRootfs(archive: try archive(path))
        case .name(let text): try readNamed(text, extent)
        case .registry(let name): try pull(name, extent: extent)
        }
    }

    /// Goes by what is there: a layout wins over docker's form where an archive is both.
    private func readRecognised(_ path: FilePath, _ extent: Extent) throws(ImageError) -> ImportedImage {
        let isFolder = try isFolder(path)
        let files: any ImageFiles = isFolder ? try folder(path) : try archive(path)
        if try files.open(OCILayoutReader.marker) != nil, try files.open(OCILayoutReader.indexName) != nil {
            return try readLayout(files, nil, extent, path)
        }
        if isFolder, try DirectoryReader.recognises(files) {
            return try take(try DirectoryReader(files: files, platform: platform).select(), extent, path)
        }
        if let archive = files as? ArchiveFiles {
            guard try files.open(DockerArchiveReader.marker) != nil else { return try importRootfs(archive: archive) }
            return try take(try DockerArchiveReader(files: files, platform: platform).select(nil), extent, path)
        }
        return try importRootfs(folder: path)
    }

    private func readLayout(
        _ files: any ImageFiles, _ reference: String?, _ extent: Extent, _ path: FilePath
    ) throws(ImageError) -> ImportedImage {
        let reader = OCILayoutReader(files: files, platform: platform)
        return try take(try reader.select(reference, extent: extent), extent, path)
    }

    private func isFolder(_ path: FilePath) throws(ImageError) -> Bool {
        try ImageError.named { () throws(SyscallError) in try FileStatus(following: path).kind == .folder }
    }

    private func folder(_ path: FilePath) throws(ImageError) -> FolderFiles {
        try ImageError.named { () throws(SyscallError) in try FolderFiles(path) }
    }
}
