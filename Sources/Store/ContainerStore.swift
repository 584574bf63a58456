import Glibc
import Linux
package import OCI
package import SystemPackage

/// Containers that were given a name: what their commands changed, and what they were started from.
package struct ContainerStore: Sendable {
    let root: StoreRoot

    /// A kept container, and whether its command still runs.
    package struct Entry: Hashable, Sendable {
        package let name: String
        package let record: ContainerRecord
        package let isRunning: Bool
    }

    /// True for what docker takes as a container's name.
    package static func isName(_ text: String) -> Bool {
        text.wholeMatch(of: #/[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}/#) != nil
    }

    /// A new container with nothing changed yet; `nil` if the name is taken.
    package func make(_ name: String, _ record: ContainerRecord) throws(StoreError) -> KeptContainer? {
        let made = try root.scratchName()
        let lock = try attempt("making the container `\(name)`") { () throws(SyscallError) in
            try root.makeFolders(made)
            try root.folder.makeFolder(made.appending("fs"), mode: 0o755)
            try root.folder.setMode(of: made.appending("fs"), 0o755)
            try root.folder.makeFolder(made.appending("work"), mode: 0o700)
            return try FileLock.attempt(try root.folder.open(made, O_RDONLY | O_DIRECTORY), .exclusive)
        }
        try root.replace(made.appending(Self.recordFile), with: SealedJSON.seal(record.json))
        let place = StoreLayout.container(name)
        do throws(StoreError) {
            guard let lock, try find(name) == nil else { throw .system(Self.taken, doing: "") }
            try root.publish(made, as: place)
            return KeptContainer(name: name, record: record, folder: place, root: root, lock: lock)
        } catch {
            try? root.folder.removeTree(made)
            guard error.errno == .fileExists || error.errno == .directoryNotEmpty else { throw error }
            return nil
        }
    }

    private static let taken = SyscallError("rename", "", .fileExists)

    /// The container of that name; `nil` if there is none.
    package func find(_ name: String) throws(StoreError) -> ContainerRecord? {
        guard let bytes = try root.read(StoreLayout.container(name).appending(Self.recordFile)) else { return nil }
        guard let record = SealedJSON.open(bytes).flatMap({ ContainerRecord(json: $0) }) else {
            throw .damaged(root.host(StoreLayout.container(name)), why: "its record is not what was written")
        }
        return record
    }

    /// What a container's files made together when its command had ended; `nil` if nobody was left to say.
    package func contents(of name: String) throws(StoreError) -> Digest? {
        guard let bytes = try root.read(StoreLayout.container(name).appending(Self.contentsFile)) else { return nil }
        guard let digest = SealedJSON.open(bytes)?["contents"]?.string.flatMap({ Digest($0) }) else {
            throw .damaged(root.host(StoreLayout.container(name)), why: "the note of its files is not what was written")
        }
        return digest
    }

    /// Where the files of a container lie that its command changed.
    package func files(of name: String) -> FilePath { root.host(StoreLayout.container(name).appending("fs")) }

    /// Claims the container; `nil` if there is none of that name, or its command runs.
    package func claim(_ name: String) throws(StoreError) -> KeptContainer? {
        guard let record = try find(name) else { return nil }
        let place = StoreLayout.container(name)
        let lock = try attempt("locking the container `\(name)`") { () throws(SyscallError) in
            try FileLock.attempt(try root.folder.open(place, O_RDONLY | O_DIRECTORY), .exclusive)
        }
        guard let lock else { return nil }
        return KeptContainer(name: name, record: record, folder: place, root: root, lock: lock)
    }

    /// What came of removing a container.
    package enum Removal: Hashable, Sendable {
        case removed
        /// Its command still runs: it stays.
        case running
        case unknown
    }

    /// Removes a container with all it holds, also one whose record is damaged: out of sight first.
    package func remove(_ name: String) throws(StoreError) -> Removal {
        let place = StoreLayout.container(name)
        guard Self.isName(name) else { return .unknown }
        let away = try root.scratchName()
        return try attempt("removing the container `\(name)`") { () throws(SyscallError) in
            guard try root.folder.status(of: place)?.kind == .folder else { return .unknown }
            let lock = try FileLock.attempt(try root.folder.open(place, O_RDONLY | O_DIRECTORY), .exclusive)
            guard let lock else { return .running }
            try root.folder.rename(place, to: away, in: root.folder)
            try root.folder.removeTree(away)
            _ = consume lock
            return .removed
        }
    }

    /// All of them, by name.
    package func list() throws(StoreError) -> [Entry] {
        let entries = try attempt("reading the containers") { () throws(SyscallError) -> [FolderEntry] in
            do throws(SyscallError) {
                return try root.folder.openFolder(StoreLayout.containers).entries()
            } catch  where error.errno == .noSuchFileOrDirectory {
                return []
            }
        }
        var list: [Entry] = []
        for entry in entries {
            let name = String(decoding: entry.name, as: UTF8.self)
            guard let record = try find(name) else { continue }
            let claimed = try claim(name)
            list.append(Entry(name: name, record: record, isRunning: claimed == nil))
        }
        return list
    }

    static let contentsFile = "contents.json"
    private static let recordFile = "container.json"
}
