import Layers
import Linux
import OCI

/// Whether a file that is to be copied is there already, contents, times and all: then a layer need not hold it.
///
/// Contents are read only where everything else is the same.
struct FileComparison {
    let sources: CopySources
    /// Times within layers are clamped to it.
    let epoch: Int64?

    func isSame(_ planned: PlannedEntry, in lower: MergedTree) throws(BuildError) -> Bool {
        guard case .source(let index, let source) = planned.contents, let tree = sources.trees[index] else {
            return false
        }
        var wanted = planned.entry
        wanted.modified = min(wanted.modified, epoch ?? wanted.modified)
        guard try lower.tarEntry(at: wanted.path) == wanted,
            let found = try fromLayers({ () throws(LayerError) in try lower.lookup(wanted.path) })
        else { return false }
        if (found.status.device, found.status.inode) == (source.status.device, source.status.inode) { return true }
        let below = try fromLayers { () throws(LayerError) in try lower.open(found) }
        let above = try tree.open(source)
        do { return try Self.holdSame(below, above) } catch {
            throw BuildError(error, doing: "comparing `\(wanted.path)` with what is there")
        }
    }

    private static func holdSame(_ left: borrowing File, _ right: borrowing File) throws(SyscallError) -> Bool {
        let size = 1 << 16
        let buffers = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * size, alignment: 64)
        defer { buffers.deallocate() }
        let (first, second) = (buffers[..<size], buffers[size...])
        while true {
            let count = try fill(UnsafeMutableRawBufferPointer(rebasing: first), from: left)
            let other = try fill(UnsafeMutableRawBufferPointer(rebasing: second), from: right)
            guard count == other, buffers[..<count].elementsEqual(second.prefix(count)) else { return false }
            if count < size { return true }
        }
    }

    /// Reads until the buffer is full or the file ends; returns how much that is.
    private static func fill(
        _ buffer: UnsafeMutableRawBufferPointer, from file: borrowing File
    ) throws(SyscallError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            if count == 0 { break }
            filled += count
        }
        return filled
    }
}
