import Linux

/// Bytes of which no piece stands where another belongs, and enough of them for files to go past the page cache.
enum LargeFile {
    static let mebibyte = 1 << 20
    static let size = 12 * mebibyte + 77

    /// Made once, of words that differ all over.
    private static let supply: [UInt8] = [UInt8](unsafeUninitializedCapacity: size + 8) { buffer, count in
        for index in stride(from: 0, to: size, by: 8) {
            let word = UInt64(index) &* 0x9E37_79B9_7F4A_7C15
            UnsafeMutableRawBufferPointer(buffer).storeBytes(of: word, toByteOffset: index, as: UInt64.self)
        }
        count = size
    }

    static func bytes(_ count: Int = size) -> [UInt8] { Array(supply[..<count]) }

    /// What the file holds from `start` on.
    static func contents(of file: borrowing File, from start: Int64 = 0) throws -> [UInt8] {
        let size = max(Int(try file.status().size - start), 0)
        return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let room = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                let read = try file.read(into: room, at: start + Int64(count))
                guard read > 0 else { return }
                count += read
            }
        }
    }

    /// Counts what comes out of a pipe, for as long as it is what was put in.
    static func count(_ input: consuming File, into count: SharedState<Int>) throws -> JoinedThread {
        let bytes = bytes()
        return try JoinedThread { [input] in
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while let read = try? buffer.withUnsafeMutableBytes({ try input.read(into: $0) }), read > 0 {
                let before = count.update { $0 }
                guard buffer[..<read] == bytes[before..<before + read] else { return }
                count.update { $0 += read }
            }
        }
    }
}
