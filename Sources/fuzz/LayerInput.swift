import Layers
import Linux
import OCI
import SystemPackage

/// A layer, applied to a base and compared with it again, beside a folder that nothing may touch.
struct LayerInput {
    private let bytes: [UInt8]

    init(_ input: [UInt8]) { bytes = TarSums.righted(input) }

    func run() {
        do throws(SyscallError) {
            let ground = try Ground()
            let before = try ground.outside()
            do throws(LayerError) { try examine(ground) } catch {
                law("a refusal says something", !error.description.isEmpty)
            }
            let after = try ground.outside()
            law("nothing outside changes", after == before)
            try ground.remove()
        } catch {
            preconditionFailure("\(error)")
        }
    }

    /// What a layer makes of its base is written as a layer and applied once more: that comes to the same.
    private func examine(_ ground: borrowing Ground) throws(LayerError) {
        try apply(Scratch.file(of: bytes), on: ground, in: ground.first)
        let lower = try MergedTree(layers: [ground.lower])
        let first = try OverlayDiff(upper: ground.first, lower: lower, scratch: Scratch.folder)
        let file = Scratch.file(of: [])
        let copy: File
        do { copy = File(try file.handle.duplicate()) } catch { throw .system(error) }
        var writer = try LayerWriter(into: file, compression: .none, threads: 1)
        try writer.write(first)
        let written = try writer.finish()
        do throws(SyscallError) { try copy.seek(to: 0) } catch { throw .system(error) }
        do throws(LayerError) {
            let unpacked = try apply(copy, on: ground, in: ground.second)
            law("a layer is what it was written as", unpacked.diffID == written.diffID)
            let second = try OverlayDiff(upper: ground.second, lower: lower, scratch: Scratch.folder)
            let (before, after) = (try Self.entries(first), try Self.entries(second))
            law("a layer's changes are the changes", before == after)
        } catch {
            preconditionFailure("our own layer is refused: \(error)")
        }
    }

    @discardableResult
    private func apply(
        _ file: consuming File, on ground: borrowing Ground, in folder: FilePath
    ) throws(LayerError) -> ArchiveSummary {
        let lower = ground.lower
        let unpacker = LayerUnpacker(
            over: .layers { () throws(LayerError) in try MergedTree(layers: [lower]) },
            limits: ArchiveLimits(size: 1 << 22, entries: 1000))
        return try unpacker.unpack(file, into: folder).summary
    }

    /// What is changed and how, wherever it lies.
    private static func entries(_ diff: borrowing OverlayDiff) throws(LayerError) -> [Entry] {
        var changes = diff.changes
        return try changes.all().map { change in
            switch change {
            case .added(let entry, _), .modified(let entry, _): Entry(path: entry.path, entry: entry)
            case .deleted(let path): Entry(path: path, entry: nil)
            }
        }
    }

    private struct Entry: Hashable {
        let path: TreePath
        /// `nil` if it is gone.
        let entry: TarEntry?
    }
}
