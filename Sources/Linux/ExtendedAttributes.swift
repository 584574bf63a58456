import CLinux
package import SystemPackage

/// One extended attribute. Names and values are bytes.
package struct ExtendedAttribute: Hashable, Sendable {
    package let name: [UInt8]
    package let value: [UInt8]

    package init(name: [UInt8], value: [UInt8]) {
        self.name = name
        self.value = value
    }
}

extension Folder {
    /// The extended attributes of the entry itself, sorted by name; none where the file system has none.
    package func attributes(of name: FilePath) throws(SyscallError) -> [ExtendedAttribute] {
        let names: [UInt8]
        do throws(SyscallError) {
            names = try attributeNames(of: name)
        } catch  where error.errno == .notSupported {
            return []
        }
        var attributes: [ExtendedAttribute] = []
        for key in names.split(separator: 0).map(Array.init) {
            guard let value = try attribute(key, of: name) else { continue }
            attributes.append(ExtendedAttribute(name: key, value: value))
        }
        return attributes.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    /// Each ended by a zero. Linux has a call that knows folder descriptors since 6.13; a filter may not know it.
    private func attributeNames(of name: FilePath) throws(SyscallError) -> [UInt8] {
        do throws(SyscallError) {
            return try ExtendedAttribute.grown("listxattrat", name.string) { buffer in
                name.withPlatformString { clinux_listxattrat(number, $0, buffer.baseAddress, UInt(buffer.count)) }
            }
        } catch  where error.errno == .noFunction || error.errno == .notPermitted {
            return try ExtendedAttribute.grown("llistxattr", name.string) { buffer in
                FilePath.withTerminated(path(of: name)) {
                    clinux_llistxattr($0, buffer.baseAddress, UInt(buffer.count))
                }
            }
        }
    }

    package func setAttribute(_ attribute: ExtendedAttribute, of name: FilePath) throws(SyscallError) {
        try checkShim("lsetxattr", name.string) {
            FilePath.withTerminated(path(of: name)) { path in
                FilePath.withTerminated(attribute.name) { key in
                    attribute.value.withUnsafeBytes { clinux_lsetxattr(path, key, $0.baseAddress, UInt($0.count), 0) }
                }
            }
        }
    }

    package func removeAttribute(_ key: [UInt8], of name: FilePath) throws(SyscallError) {
        try checkShim("lremovexattr", name.string) {
            FilePath.withTerminated(path(of: name)) { path in
                FilePath.withTerminated(key) { clinux_lremovexattr(path, $0) }
            }
        }
    }

    /// The value of one attribute; `nil` if the entry has none of that name.
    package func attribute(_ key: [UInt8], of name: FilePath) throws(SyscallError) -> [UInt8]? {
        try ExtendedAttribute.value(of: key) { key, buffer in
            FilePath.withTerminated(path(of: name)) {
                clinux_lgetxattr($0, key, buffer.baseAddress, UInt(buffer.count))
            }
        }
    }

    /// The same of the folder itself, without the way through `/proc`.
    package func attribute(_ key: [UInt8]) throws(SyscallError) -> [UInt8]? {
        try ExtendedAttribute.value(of: key) { key, buffer in
            clinux_fgetxattr(number, key, buffer.baseAddress, UInt(buffer.count))
        }
    }

    /// The xattr calls know no folder descriptors: the kernel's own link to ours leads to the entry all the same.
    private func path(of name: FilePath) -> [UInt8] {
        Array("/proc/self/fd/\(number)/".utf8) + name.bytes
    }
}

extension ExtendedAttribute {
    /// `read` is one of the calls that take a name and fill a buffer.
    fileprivate static func value(
        of key: [UInt8], _ read: (UnsafePointer<CChar>, UnsafeMutableRawBufferPointer) -> Int
    ) throws(SyscallError) -> [UInt8]? {
        do throws(SyscallError) {
            return try grown("getxattr", String(decoding: key, as: UTF8.self)) { buffer in
                FilePath.withTerminated(key) { read($0, buffer) }
            }
        } catch  where error.errno == .noData || error.errno == .notSupported {
            return nil
        }
    }

    /// Calls with a small buffer first and with the largest that the kernel fills if that is too small.
    fileprivate static func grown(
        _ call: String, _ subject: @autoclosure () -> String, _ body: (UnsafeMutableRawBufferPointer) -> Int
    ) throws(SyscallError) -> [UInt8] {
        var size = 256
        while true {
            var buffer = [UInt8](repeating: 0, count: size)
            do throws(SyscallError) {
                let count = try checkShim(call, subject()) { buffer.withUnsafeMutableBytes(body) }
                return Array(buffer[..<count])
            } catch  where error.errno == .outOfRange && size < 1 << 16 {
                size = 1 << 16
            }
        }
    }
}
