import Layers
import Linux
import OCI
import SystemPackage

/// `/proc`, `/sys` and `/dev`, where an image lacks them.
///
/// Unlike the other places of an init layer they become a part of the layer that the first RUN makes, as with BuildKit:
/// a folder that every container needs, which one whose root is read-only cannot make for itself. All else that a step
/// is given stays out of layers.
enum KernelFolders {
    private static let paths = Set(InitLayer.usualPlaces.map { TreePath(normalising: $0.target) })

    /// Puts those that `layer` had to make into a step's upper folder, empty, root's and with a fixed time: the layer's
    /// bytes do not depend on the clock. Returns them.
    static func add(missingFrom layer: InitLayer, to upper: FilePath) throws(BuildError) -> Set<TreePath> {
        let missing = layer.made.filter(paths.contains)
        do {
            let folder = try Folder(opening: upper)
            for path in missing {
                let entry = TarEntry(path, .folder, mode: 0o755)
                try InitLayer.write(entry, into: folder)
                try InitLayer.setTime(entry, in: folder)
            }
        } catch {
            throw BuildError(error, doing: "making the folders of the kernel's file systems")
        }
        return Set(missing)
    }
}
