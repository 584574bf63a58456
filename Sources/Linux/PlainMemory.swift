/// Memory laid out as C wants it, which stays where it is for as long as its owner lives.
final class PlainMemory {
    private var blocks: [UnsafeMutableRawPointer] = []

    deinit { for block in blocks { block.deallocate() } }

    /// A copy of the elements.
    func array<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
        let block = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
        block.initialize(from: elements, count: elements.count)
        blocks.append(UnsafeMutableRawPointer(block))
        return block
    }

    func string(_ bytes: some Sequence<UInt8>) -> UnsafeMutablePointer<CChar> {
        array(bytes.map(CChar.init(bitPattern:)) + [0])
    }

    /// The strings and a null pointer behind them.
    func list(_ strings: [some Sequence<UInt8>]) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> {
        array(strings.map { string($0) } + [nil])
    }

    /// The same for C functions that promise not to change the strings.
    func constantList(_ strings: [some Sequence<UInt8>]) -> UnsafeMutablePointer<UnsafePointer<CChar>?> {
        array(strings.map { UnsafePointer(string($0)) } + [nil])
    }
}
