import Builder
import Glibc
import OCI

/// One `--add-host` as typed: `NAME:ADDRESS` or `NAME=ADDRESS`.
struct HostOption {
    let host: BuildRequest.ExtraHost

    init(_ text: String) throws(Failure) {
        guard let separator = text.unicodeScalars.firstIndex(where: { $0 == ":" || $0 == "=" }) else {
            throw .usage("`--add-host \(text)` has no address", hint: "write `--add-host name:address`")
        }
        let name = text[..<separator]
        var address = text[text.unicodeScalars.index(after: separator)...]
        if address.hasPrefix("["), address.hasSuffix("]") { address = address.dropFirst().dropLast() }
        let isName = !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "#") }
        guard isName else { throw .usage("`--add-host \(text)` has no name") }
        guard Self.isAddress(String(address)) else {
            throw .usage("`\(address)` in `--add-host \(text)` is no address", hint: "write an IPv4 or IPv6 address")
        }
        host = BuildRequest.ExtraHost(name: String(name), address: String(address))
    }

    /// True of an IPv4 or IPv6 address.
    static func isAddress(_ text: String) -> Bool {
        var storage = in6_addr()
        return inet_pton(AF_INET, text, &storage) == 1 || inet_pton(AF_INET6, text, &storage) == 1
    }
}
