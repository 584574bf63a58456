import OCI

/// Decides where one frame ends and the next begins.
///
/// Frames are compressed independently, on any number of threads, so their borders must follow from the entries alone:
/// a cut before an entry depends on the entry's path and size and on how full the frame is. After a change the borders
/// fall back into step at the next entry that cuts, and the frames from there on are the bytes they were before.
struct FrameCutter {
    /// No frame is larger. Readers need a window of no more than this.
    static let largest = 8 << 20
    /// An entry ends a frame that holds at least this much, if its path says so.
    static let smallest = 4 << 20
    /// How much more than `smallest` a frame holds on average, were there no largest size.
    static let gap = 2 << 20

    /// True if a frame that holds `filled` bytes should end before this entry.
    static func cuts(before path: TreePath, size: Int64, filled: Int) -> Bool {
        guard filled > 0 else { return false }
        let weight = size &+ 1024
        if size > Int64(largest) || Int64(filled) + weight > Int64(largest) { return true }
        guard filled >= smallest else { return false }
        // The larger the entry, the likelier the cut: so that frames of small and of large files come out alike.
        return hash(path) % UInt64(gap) < UInt64(clamping: weight)
    }

    /// FNV-1a with a last mix, since its low bits alone are poor.
    private static func hash(_ path: TreePath) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in path.bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ (hash >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        return hash ^ (hash >> 33)
    }
}
