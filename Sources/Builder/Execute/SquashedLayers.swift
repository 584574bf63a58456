import Layers
import Linux
import OCI
import Store
import Synchronization
import SystemPackage

/// Small layers that lie over each other, as few folders for the mounts of a build's steps.
///
/// For each mount Linux opens every layer, and for each name that is new to the mount it asks every layer that has the
/// folder. A step over hundreds of layers would pay for all of them; so it gets what many small ones make together as
/// one, as if `--squash` had made it. A command sees the same files: only the numbers of their inodes give it away, and
/// when these last changed.
final class SquashedLayers: Sendable {
    /// So many are squashed at a time. A step pays for those that are not squashed yet, and for what squashing costs.
    private static let group = 32
    /// Over so many nothing is squashed: few recipes have more.
    private static let few = 64

    private let snapshots: SnapshotProvider
    private let store: Store
    /// What stands for a group, by its uppermost layer's folder, whose name says what lies below it.
    private let groups = Mutex<[FilePath: [FilePath]]>([:])

    init(_ snapshots: SnapshotProvider, _ store: Store) {
        self.snapshots = snapshots
        self.store = store
    }

    /// The folders that a mount of `layers` is made of, the lowest first.
    func folders(for layers: [DiffID]) throws(BuildError) -> [FilePath] {
        let folders: [FilePath]
        do { folders = try snapshots.folders(for: layers) } catch { throw BuildError(error) }
        guard folders.count > Self.few else { return folders }
        let rest = (folders.count - 1) / Self.group * Self.group
        return try groups.withLock { groups throws(BuildError) in
            var squashed: [FilePath] = []
            for start in stride(from: 0, to: rest, by: Self.group) {
                let range = start..<start + Self.group
                let top = folders[range.upperBound - 1]
                if groups[top] == nil { groups[top] = try squash(range, of: layers, in: folders) }
                squashed += groups[top] ?? []
            }
            return squashed + folders[rest...]
        }
    }

    /// One folder for each run of small layers; the others as they are.
    private func squash(
        _ range: Range<Int>, of layers: [DiffID], in folders: [FilePath]
    ) throws(BuildError) -> [FilePath] {
        var squashed: [FilePath] = []
        var small = range.lowerBound..<range.lowerBound
        for index in range {
            if try isSmall(folders[index]) {
                small = small.lowerBound..<index + 1
            } else {
                squashed += try together(small, of: layers, in: folders) + [folders[index]]
                small = index + 1..<index + 1
            }
        }
        return squashed + (try together(small, of: layers, in: folders))
    }

    private func together(
        _ small: Range<Int>, of layers: [DiffID], in folders: [FilePath]
    ) throws(BuildError) -> [FilePath] {
        small.count > 1 ? [try squash(small, of: layers)] : Array(folders[small])
    }

    private func isSmall(_ folder: FilePath) throws(BuildError) -> Bool {
        do throws(SyscallError) {
            var allowance = Allowance()
            return try allowance.covers(Folder(opening: folder))
        } catch {
            throw BuildError(error, doing: "looking into a layer")
        }
    }

    /// Packs what some layers make of those below them, and unpacks it over these.
    private func squash(_ range: Range<Int>, of layers: [DiffID]) throws(BuildError) -> FilePath {
        let (below, whole): (MergedTree, MergedTree)
        do {
            below = try snapshots.tree(of: Array(layers[..<range.lowerBound]))
            whole = try snapshots.tree(of: Array(layers[..<range.upperBound]))
        } catch {
            throw BuildError(error)
        }
        let folder = try store.newScratchFolder()
        do throws(LayerError) {
            let unpacker = LayerUnpacker(over: below.isWithoutLayers ? .nothing : .layers { below })
            _ = try unpacker.unpack(try archive(from: below, to: whole), into: folder)
        } catch {
            throw BuildError(error)
        }
        return folder
    }

    /// What leads from one tree to the other, in a file without a name.
    private func archive(from below: MergedTree, to whole: MergedTree) throws(LayerError) -> File {
        let archive: File
        do { archive = try File.scratch(in: store.path) } catch { throw .system(error) }
        let output: File
        do { output = File(try archive.handle.duplicate()) } catch { throw .system(error) }
        var writer = try LayerWriter(into: output, compression: .none, threads: 1, for: .kernel)
        var changes = TreeChanges(from: below, to: whole, folderTimes: .compared)
        try changes.pack(into: &writer)
        _ = try writer.finish()
        do { try archive.seek(to: 0) } catch { throw .system(error) }
        return archive
    }
}

/// What a layer may hold and still be worth having twice: the steps that stand on it save less than a millisecond each.
private struct Allowance {
    private var names = 64
    private var bytes: Int64 = 1 << 16

    /// False as soon as a folder holds more.
    mutating func covers(_ folder: borrowing Folder) throws(SyscallError) -> Bool {
        for entry in try folder.entries() {
            guard let status = try folder.status(of: entry.path) else { continue }
            names -= 1
            bytes -= status.size
            guard names >= 0, bytes >= 0 else { return false }
            if status.kind == .folder, try !covers(folder.openFolder(entry.path)) { return false }
        }
        return true
    }
}
