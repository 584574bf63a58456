import OCI

/// What addresses of the web held when they were last asked. The contents are blobs.
///
/// Everything here can be fetched again: what cannot be read counts as absent.
package struct DownloadIndex: Sendable {
    let root: StoreRoot
    let blobs: ContentStore

    /// What came from the address, if it is still there.
    package func record(of address: String) throws(StoreError) -> DownloadRecord? {
        guard let bytes = try root.read(StoreLayout.download(Self.name(address)), limit: 1 << 20),
            let record = SealedJSON.open(bytes).flatMap(DownloadRecord.init(json:)),
            try blobs.size(of: record.digest) == record.size
        else { return nil }
        return record
    }

    package func insert(_ record: DownloadRecord, of address: String) throws(StoreError) {
        try root.replace(StoreLayout.download(Self.name(address)), with: SealedJSON.seal(record.json))
    }

    /// Addresses may hold what is nobody's business, so their digests are the names of the files.
    private static func name(_ address: String) -> Digest { .of(Array(address.utf8)) }
}
