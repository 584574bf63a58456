import Layers
import Linux
import OCI
import SystemPackage

/// An archive in any compression, read to its end.
struct TarInput {
    private let inputs: [[UInt8]]

    init(_ input: [UInt8]) { inputs = [input, TarSums.righted(input)] }

    func run() { for bytes in inputs { examine(bytes) } }

    private func examine(_ bytes: [UInt8]) {
        let summary = read(bytes) { reader, entry throws(LayerError) in
            if case .file(let size) = entry.kind { law("sizes are sizes", size >= 0) }
            law("names lead nowhere", !entry.path.components.contains { $0.elementsEqual("..".utf8) })
            var end: Int64 = 0
            try reader.readContents { offset, part throws(LayerError) in
                law("parts follow one another", offset >= end)
                end = offset + Int64(part.count)
            }
            if let size = entry.fileSize { law("contents end where the file does", end <= size) }
        }
        let again = read(bytes) { reader, entry throws(LayerError) in
            var count: Int64 = 0
            try withUnsafeTemporaryAllocation(byteCount: 1000, alignment: 1) { buffer throws(LayerError) in
                while true {
                    let got = try reader.read(into: buffer)
                    if got == 0 { break }
                    count += Int64(got)
                }
            }
            if let size = entry.fileSize { law("contents are as long as the file", count == size) }
        }
        law("both ways of reading agree", (summary == nil) == (again == nil))
    }

    /// Reads the archive through; `nil` if it is refused.
    private func read(
        _ bytes: [UInt8], _ body: (TarReader, TarEntry) throws(LayerError) -> Void
    ) -> ArchiveSummary? {
        // Holes are read as zeros, so what a file claims is also what it takes.
        let limits = ArchiveLimits(size: 1 << 22, entries: 1000)
        do {
            let reader = try TarReader(Scratch.file(of: bytes), limits: limits)
            while let entry = try reader.next() { try body(reader, entry) }
            return try reader.finish()
        } catch {
            law("a refusal says something", !error.description.isEmpty)
            return nil
        }
    }
}

extension TarEntry {
    /// Holes included; `nil` for what is no file, though a folder of the oldest form may have contents that nobody reads.
    fileprivate var fileSize: Int64? { if case .file(let size) = kind { size } else { nil } }
}
