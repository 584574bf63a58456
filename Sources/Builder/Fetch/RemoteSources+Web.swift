import Frontend
import OCI
import Store

extension RemoteSources {
    /// The name of what an address of the web holds; nobody is asked where the recipe says it.
    func contents(of address: WebAddress, expecting checksum: Digest?) throws(BuildError) -> Digest {
        if let checksum { return checksum }
        return try download(address).digest
    }

    func file(at address: WebAddress, expecting checksum: Digest?) throws(BuildError) -> DownloadedFile {
        try DownloadedFile(named: address.fileName, try download(address, expecting: checksum), in: store)
    }

    /// A small file from the web.
    func bytes(at address: WebAddress, limit: Int) throws(BuildError) -> [UInt8] {
        let record = try download(address)
        guard record.size <= limit else {
            throw BuildError(.input, "not-a-file", "`\(address.shown)` has more than \(limit) bytes")
        }
        return try fromStore { () throws(StoreError) in try store.blobs.read(record.digest, limit: limit) }
    }

    /// The secrets that BuildKit takes for files of a host.
    func authorization(for address: WebAddress) throws(BuildError) -> String? {
        if let header = try credentials.secret("HTTP_AUTH_HEADER_\(address.host)") {
            return String(decoding: header, as: UTF8.self).firstLine
        }
        return try credentials.secret("HTTP_AUTH_TOKEN_\(address.host)").map {
            "Bearer \(String(decoding: $0, as: UTF8.self).firstLine)"
        }
    }
}
