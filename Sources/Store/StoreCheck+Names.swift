import Linux
import OCI
import SystemPackage

extension StoreCheck {
    func tables() throws(StoreError) -> [StoreFault] {
        var faults: [StoreFault] = []
        for folder in [StoreLayout.files, StoreLayout.outputs] {
            let count = try FileTableFile(root: root, folder: folder).damagedRecords()
            guard count > 0 else { continue }
            let what = count == 1 ? "a record does not fit its seal" : "\(count) records do not fit their seals"
            faults.append(StoreFault(.table, folder.appending("1"), what))
        }
        return faults
    }

    func journal() throws(StoreError) -> [StoreFault] {
        var faults: [StoreFault] = []
        for name in try names(in: StoreLayout.journal) {
            let path = StoreLayout.journal.appending(name)
            // An empty one is being written.
            guard let text = try root.read(path), !text.isEmpty, Durability.second(text) == nil else { continue }
            faults.append(StoreFault(.file, path, "it says no time"))
        }
        return faults
    }

    func containers() throws(StoreError) -> [StoreFault] {
        var faults: [StoreFault] = []
        for name in try names(in: StoreLayout.containers) {
            do throws(StoreError) {
                _ = try store.containers.find(name)
            } catch {
                guard error.isDamage else { throw error }
                faults.append(fault(ofContainer: name, "its record is not what was written"))
            }
        }
        return faults
    }

    func index() throws(StoreError) -> [StoreFault] {
        do throws(StoreError) {
            guard try !store.names.isSealed() else { return [] }
        } catch {
            guard error.isDamage else { throw error }
            let why = "it cannot be read; a repair tries each of its bits, and if none is the one, move it away"
            return [StoreFault(.names, StoreLayout.index, why)]
        }
        return [
            StoreFault(.names, StoreLayout.index, "another program changed it, or it is damaged: look at `images`")
        ]
    }

    /// The names whose images are not whole.
    func images(damaged: Set<Digest>) throws(StoreError) -> [StoreFault] {
        var faults: [StoreFault] = []
        let entries: [ReferenceStore.Entry]
        do throws(StoreError) { entries = try store.names.list() } catch {
            // The check of the file itself says so.
            guard error.isDamage else { throw error }
            return []
        }
        for entry in entries {
            var seen: Set<Digest> = []
            guard let why = try lack(entry.descriptor, damaged, &seen) else { continue }
            faults.append(StoreFault(.name(entry.name), StoreLayout.index, "`\(entry.name.familiar)`: \(why)"))
        }
        return faults
    }

    /// What a document or what it leads to lacks; `nil` if all is there.
    private func lack(
        _ descriptor: Descriptor, _ damaged: Set<Digest>, _ seen: inout Set<Digest>
    ) throws(StoreError) -> String? {
        guard seen.insert(descriptor.digest).inserted else { return nil }
        if damaged.contains(descriptor.digest) { return "its blob \(descriptor.digest) is damaged" }
        guard let size = try store.blobs.size(of: descriptor.digest) else {
            return "its blob \(descriptor.digest) is not there"
        }
        guard size == descriptor.size else {
            return "its blob \(descriptor.digest) has \(size) bytes and should have \(descriptor.size)"
        }
        guard descriptor.mediaType.isIndex || descriptor.mediaType.isManifest else { return nil }
        guard let parts = try parts(of: descriptor) else {
            return "its blob \(descriptor.digest) is no document of its kind"
        }
        for part in parts {
            if let lack = try lack(part, damaged, &seen) { return lack }
        }
        return nil
    }

    /// What a document names; `nil` if it cannot be read. An index may name images of other platforms that were never
    /// taken.
    private func parts(of descriptor: Descriptor) throws(StoreError) -> [Descriptor]? {
        let bytes = try store.blobs.read(descriptor.digest)
        guard descriptor.mediaType.isIndex else {
            return (try? Manifest(parsing: bytes)).map { [$0.config] + $0.layers }
        }
        guard let index = try? ImageIndex(parsing: bytes) else { return nil }
        var present: [Descriptor] = []
        for manifest in index.manifests where try store.blobs.contains(manifest.digest) { present.append(manifest) }
        return present
    }
}
