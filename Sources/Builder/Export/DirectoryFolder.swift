import Linux
import OCI
import Store
import SystemPackage

/// Writes an image as skopeo's `dir:` has it: `version`, `manifest.json`, and blobs named by their digits.
struct DirectoryFolder {
    private static let version = Array("Directory Transport Version: 1.1\n".utf8)

    let store: Store

    /// The folder is empty.
    func write(_ image: AssembledImage, into folder: borrowing Folder) throws(ImageError) {
        for blob in image.blobs {
            let source = try ImageError.store { () throws(StoreError) in try store.blobs.open(blob.digest) }
            let name = blob.digest == image.manifest.digest ? "manifest.json" : blob.digest.hex
            try ImageError.system { () throws(SyscallError) in
                let file = try folder.createFile(FilePath(name), mode: 0o644)
                try file.append(from: source, count: blob.size)
            }
        }
        try ImageError.system { () throws(SyscallError) in
            try folder.createFile("version", mode: 0o644).write(Self.version)
        }
    }
}
