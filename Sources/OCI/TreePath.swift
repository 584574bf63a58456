/// The path of a file inside an image, a layer or a build context: bytes, relative to the root, no `.` and no `..`.
///
/// File names are bytes. Swift compares strings by canonical equivalence, so as `String` keys two files whose names
/// differ only in their Unicode normal form would become one. The root itself is the empty path.
package struct TreePath: Hashable, Sendable {
    /// Components joined with `/`, without one at either end.
    package let bytes: [UInt8]

    package static let root = TreePath(unchecked: [])

    /// Takes bytes that are known to be in normal form.
    package init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    /// Brings any path into the normal form: absolute and relative are the same, empty and `.` components go, `..`
    /// takes the component before it and stops at the root, as a path inside a root does.
    package init(normalising bytes: some Collection<UInt8>) {
        var components: [ArraySlice<UInt8>] = []
        for component in Array(bytes).split(separator: UInt8(ascii: "/")) {
            if component.elementsEqual("..".utf8) {
                _ = components.popLast()
            } else if !component.elementsEqual(".".utf8) {
                components.append(component)
            }
        }
        self.bytes = Array(components.joined(separator: [UInt8(ascii: "/")]))
    }

    package init(normalising text: String) { self.init(normalising: Array(text.utf8)) }

    package var isRoot: Bool { bytes.isEmpty }

    package var components: [ArraySlice<UInt8>] { bytes.split(separator: UInt8(ascii: "/")) }

    /// The last component; empty for the root.
    package var name: [UInt8] { Array(lastComponent) }

    /// The last component where it stands.
    package var lastComponent: ArraySlice<UInt8> {
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return bytes[...] }
        return bytes[(slash + 1)...]
    }

    /// The folder it lies in; the root's parent is the root.
    package var parent: TreePath {
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return .root }
        return TreePath(unchecked: Array(bytes[..<slash]))
    }

    /// The path of `name` (one component) within this folder.
    package func appending(_ name: some Collection<UInt8>) -> TreePath { appending(Array(name)) }

    // For the two kinds of names there are, since every file of a tree comes this way.

    package func appending(_ name: [UInt8]) -> TreePath { appending(name[...]) }

    package func appending(_ name: ArraySlice<UInt8>) -> TreePath {
        guard !isRoot else { return TreePath(unchecked: Array(name)) }
        var path = bytes
        path.reserveCapacity(bytes.count + 1 + name.count)
        path.append(UInt8(ascii: "/"))
        path.append(contentsOf: name)
        return TreePath(unchecked: path)
    }

    /// `other` below this folder.
    package func appending(_ other: TreePath) -> TreePath {
        other.isRoot ? self : appending(other.bytes)
    }

    /// True if this is `folder` or lies below it.
    package func isInside(_ folder: TreePath) -> Bool {
        guard !folder.isRoot else { return true }
        let length = folder.bytes.count
        guard bytes.count >= length, bytes.count == length || bytes[length] == UInt8(ascii: "/") else { return false }
        return bytes.withUnsafeBytes { bytes in
            folder.bytes.withUnsafeBytes { bytes.commonPrefix(with: $0) == length }
        }
    }

    /// True if both lie in the same folder.
    package func isBeside(_ other: TreePath) -> Bool {
        let folder = bytes.count - lastComponent.count
        guard folder == other.bytes.count - other.lastComponent.count else { return false }
        return bytes[..<folder] == other.bytes[..<folder]
    }

    /// True if `folder` is the folder it lies in.
    package func isDirectly(in folder: TreePath) -> Bool {
        let length = bytes.count - lastComponent.count
        guard length > 0 else { return folder.isRoot }
        return length - 1 == folder.bytes.count && bytes[..<(length - 1)] == folder.bytes[...]
    }

    /// What is left of this path below `folder`; `nil` if it does not lie inside.
    package func relative(to folder: TreePath) -> TreePath? {
        guard isInside(folder) else { return nil }
        guard !folder.isRoot else { return self }
        return TreePath(unchecked: Array(bytes.dropFirst(folder.bytes.count + 1)))
    }
}

extension TreePath {
    // Sorted, compared and hashed by the ten thousand: as whole runs of bytes, not one by one.

    package static func == (left: TreePath, right: TreePath) -> Bool {
        left.bytes.withUnsafeBytes { left in
            right.bytes.withUnsafeBytes { right in
                left.count == right.count && left.commonPrefix(with: right) == left.count
            }
        }
    }

    package func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }
}

extension TreePath: Comparable {
    /// Bytewise by component: `/` sorts before every other byte, so a folder comes right before what it holds.
    package static func < (left: TreePath, right: TreePath) -> Bool {
        left.bytes.withUnsafeBytes { left in
            right.bytes.withUnsafeBytes { right in
                let same = left.commonPrefix(with: right)
                guard same < right.count else { return false }
                guard same < left.count else { return true }
                return weight(left[same]) < weight(right[same])
            }
        }
    }

    private static func weight(_ byte: UInt8) -> Int { byte == UInt8(ascii: "/") ? 0 : Int(byte) + 1 }
}

extension UnsafeRawBufferPointer {
    /// How many bytes at the beginning are the same.
    fileprivate func commonPrefix(with other: UnsafeRawBufferPointer) -> Int {
        let end = Swift.min(count, other.count)
        var index = 0
        while index + 8 <= end,
            loadUnaligned(fromByteOffset: index, as: UInt64.self)
                == other.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        { index += 8 }
        while index < end, self[index] == other[index] { index += 1 }
        return index
    }
}

extension TreePath: CustomStringConvertible {
    /// For people: absolute, and bytes that are not UTF-8 replaced.
    package var description: String { "/" + String(decoding: bytes, as: UTF8.self) }
}
