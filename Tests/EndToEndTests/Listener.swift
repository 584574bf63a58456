import Glibc
import Testing

/// A server on this machine that only listens; gone with its owner.
final class Listener: Sendable {
    private let number: Int32
    /// Zero if it has none.
    let port: UInt16

    /// On the loopback interface, at a free port.
    init() throws {
        number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutableBytes(of: &address) { [number] bytes -> Int32 in
            guard let address = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
            guard bind(number, address, length) == 0, listen(number, 8) == 0 else { return -1 }
            return getsockname(number, address, &length)
        }
        port = UInt16(bigEndian: address.sin_port)
        try #require(result == 0)
    }

    /// On a socket without a file, which every process of the network namespace can reach.
    init(abstract name: String) throws {
        number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        port = 0
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0[1...].copyBytes(from: name.utf8) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + 1 + name.utf8.count)
        let result = withUnsafeBytes(of: &address) { [number] bytes -> Int32 in
            guard let address = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
            return bind(number, address, length)
        }
        try #require(result == 0 && listen(number, 8) == 0)
    }

    deinit { close(number) }
}
