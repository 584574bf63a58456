import Linux

extension File {
    /// The bytes from `offset` on: `count` of them, or what there is before the end of the file.
    func bytes(at offset: Int64, upTo count: Int) throws(SyscallError) -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled throws(SyscallError) in
            while filled < count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let read = try read(into: rest, at: offset + Int64(filled))
                if read == 0 { return }
                filled += read
            }
        }
    }
}
