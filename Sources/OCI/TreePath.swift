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
    package var name: [UInt8] {
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return bytes }
        return Array(bytes[(slash + 1)...])
    }

    /// The folder it lies in; the root's parent is the root.
    package var parent: TreePath {
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return .root }
        return TreePath(unchecked: Array(bytes[..<slash]))
    }

    /// The path of `name` (one component) within this folder.
    package func appending(_ name: some Collection<UInt8>) -> TreePath {
        guard !isRoot else { return TreePath(unchecked: Array(name)) }
        var bytes = self.bytes
        bytes.reserveCapacity(bytes.count + 1 + name.count)
        bytes.append(UInt8(ascii: "/"))
        bytes.append(contentsOf: name)
        return TreePath(unchecked: bytes)
    }

    /// `other` below this folder.
    package func appending(_ other: TreePath) -> TreePath {
        other.isRoot ? self : appending(other.bytes)
    }

    /// True if this is `folder` or lies below it.
    package func isInside(_ folder: TreePath) -> Bool {
        guard !folder.isRoot else { return true }
        guard bytes.starts(with: folder.bytes) else { return false }
        return bytes.count == folder.bytes.count || bytes[folder.bytes.count] == UInt8(ascii: "/")
    }

    /// What is left of this path below `folder`; `nil` if it does not lie inside.
    package func relative(to folder: TreePath) -> TreePath? {
        guard isInside(folder) else { return nil }
        guard !folder.isRoot else { return self }
        return TreePath(unchecked: Array(bytes.dropFirst(folder.bytes.count + 1)))
    }
}

extension TreePath: Comparable {
    /// Bytewise by component: `/` sorts before every other byte, so a folder comes right before what it holds.
    package static func < (left: TreePath, right: TreePath) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes) { first, second in
            (first == UInt8(ascii: "/") ? 0 : Int(first) + 1) < (second == UInt8(ascii: "/") ? 0 : Int(second) + 1)
        }
    }
}

extension TreePath: CustomStringConvertible {
    /// For people: absolute, and bytes that are not UTF-8 replaced.
    package var description: String { "/" + String(decoding: bytes, as: UTF8.self) }
}
