import Layers
package import Linux
import OCI
import Store

extension Container {
    /// Runs the command to its end, and keeps what it changed under a name.
    ///
    /// The container is there, with its name, before the command starts: whatever ends this process, nothing that the
    /// command did is lost. Afterwards a digest of it is noted, by which a check of the store can tell damage.
    package func run(
        keptAs name: String, now: Int64, _ signals: borrowing SignalStream
    ) throws(BuildError) -> ExitStatus {
        guard !store.keepsSnapshotsInMemory else {
            throw BuildError(
                .machine, "container-in-memory", "a container cannot be kept in a store that lies on overlayfs",
                hint: "choose a folder on another file system with --root")
        }
        let command = try ContainerCommand(request, over: image.config.container)
        let record = ContainerRecord(
            image: image.name, manifest: image.manifestDigest, command: command.arguments,
            places: try places(command).map { ContainerRecord.Place(target: $0.target, isFolder: $0.isFolder) },
            created: now)
        let made = try fromStore { () throws(StoreError) in try store.containers.make(name, record) }
        guard let kept = made else {
            throw BuildError(
                .input, "container-name", "there is a container `\(name)` already",
                hint: "remove it with `layerbuild containers --rm \(name)`, or choose another name")
        }
        let status = try run(upper: kept.upper, work: kept.work, signals)
        let contents: Digest
        do { contents = try FolderDigest.of(kept.upper) } catch {
            throw BuildError(error, doing: "noting what the container has changed")
        }
        try fromStore { () throws(StoreError) in try kept.seal(contents) }
        return status
    }
}
