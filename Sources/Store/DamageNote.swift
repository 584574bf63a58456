import Linux
import SystemPackage

/// Says that a check of the store found something that nobody has mended yet.
///
/// A bit that flips on the disk itself moves no time, so only who reads everything sees it. Once that was seen, nothing
/// is built of the store until it is mended: a build would trust the blob's seal, and nothing at all tells of a file of a
/// snapshot or a cache mount. What else there is in the store is compared with its own seal by whoever reads it.
struct DamageNote {
    let root: StoreRoot

    var isThere: Bool {
        get throws(StoreError) {
            try attempt("looking for `\(root.host(StoreLayout.damage))`") { () throws(SyscallError) in
                try root.folder.status(of: StoreLayout.damage) != nil
            }
        }
    }

    /// Notes what a check has found, or that it found nothing. A store that cannot be written to stays without a note:
    /// nothing can be built in it.
    func renew(_ faults: [StoreFault]) throws(StoreError) {
        do throws(StoreError) {
            if faults.contains(where: \.isTrusted) {
                try root.replace(StoreLayout.damage, with: [])
            } else if try isThere {
                try attempt("removing `\(root.host(StoreLayout.damage))`") { () throws(SyscallError) in
                    try root.folder.removeTree(StoreLayout.damage)
                }
            }
        } catch {
            guard error.errno == .readOnlyFileSystem else { throw error }
        }
    }
}

extension StoreFault {
    /// True if builds would take the thing for what was written there.
    fileprivate var isTrusted: Bool {
        switch subject {
        case .folder, .cacheMount: true
        case .file: path.starts(with: StoreLayout.blobs)
        case .incomparable, .name, .table, .names, .layout, .mended, .container: false
        }
    }
}
