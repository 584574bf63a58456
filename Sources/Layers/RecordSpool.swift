import Linux
package import SystemPackage

/// Records on their way: written one behind the other, and read afterwards in that order, as often as need be.
///
/// A few lie in memory. As soon as they are many they go to a file without a name, so that what a list takes does not
/// grow with it.
package struct RecordSpool: ~Copyable {
    /// Of records that are kept in memory, in bytes.
    static let portion = 1 << 19

    private let folder: FilePath
    private var file: File?
    /// The lengths of what is in the file already, one for each time that something was written to it.
    private var portions: [Int] = []
    private var buffer = RecordBuffer()

    /// `folder`: where the file would lie.
    package init(in folder: FilePath) { self.folder = folder }

    package mutating func append(_ write: (inout RecordBuffer) -> Void) throws(LayerError) {
        write(&buffer)
        guard buffer.bytes.count >= Self.portion else { return }
        do throws(SyscallError) {
            if file == nil { file = try File.scratch(in: folder) }
            try file?.write(buffer.bytes)
        } catch {
            throw .system(error)
        }
        portions.append(buffer.bytes.count)
        buffer.removeAll()
    }

    package consuming func finish() -> SpooledRecords {
        SpooledRecords(file: file.take(), portions: portions, rest: Array(buffer.bytes))
    }
}

/// Records that are all written.
package final class SpooledRecords: Sendable {
    private let file: File?
    private let portions: [Int]
    private let rest: [UInt8]

    init(file: consuming File?, portions: [Int], rest: [UInt8]) {
        self.file = file
        self.portions = portions
        self.rest = rest
    }

    /// Of what lies in memory, in bytes.
    var residentSize: Int { rest.count }

    /// From the first record on.
    package func reader() -> Reader { Reader(records: self) }

    /// One who reads them.
    package struct Reader {
        private let records: SpooledRecords
        private var next = 0
        private var offset: Int64 = 0
        private var buffer = RecordBuffer()

        init(records: SpooledRecords) { self.records = records }

        /// The next record, taken by `read`; `nil` at the end.
        package mutating func next<Record>(_ read: (inout RecordBuffer) -> Record) throws(LayerError) -> Record? {
            while buffer.isAtEnd {
                guard next <= records.portions.count else { return nil }
                buffer = RecordBuffer(try records.portion(next, at: offset))
                if next < records.portions.count { offset += Int64(records.portions[next]) }
                next += 1
            }
            return read(&buffer)
        }
    }

    private func portion(_ number: Int, at offset: Int64) throws(LayerError) -> [UInt8] {
        guard number < portions.count else { return rest }
        return try LayerError.system { () throws(SyscallError) in
            try [UInt8](unsafeUninitializedCapacity: portions[number]) { buffer, count throws(SyscallError) in
                let buffer = UnsafeMutableRawBufferPointer(buffer)
                while count < buffer.count {
                    let part = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
                    guard let got = try file?.read(into: part, at: offset + Int64(count)), got > 0 else {
                        throw SyscallError("read", "a list of files", .ioError)
                    }
                    count += got
                }
            }
        }
    }
}
