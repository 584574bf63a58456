import Frontend
import Layers
import OCI

/// The middle of WORKDIR: a folder that exists afterwards, with everything above it.
struct DirectoryExecutor {
    let frame: StepExecutor
    let step: Step
    let inputs: StepInputs

    func execute(_ directory: DirectoryOperation) throws(BuildError) -> WrittenLayer? {
        let lower = try frame.tree(inputs.result(step.base))
        let identity = try UserDatabase(of: lower).identity(of: directory.owner)
        var destination = Destination(lower: lower)
        let path = try destination.resolve(TreePath(normalising: directory.path))
        try destination.makeFolders(
            path,
            like: FolderTemplate(
                owner: Ownership(user: identity.user, group: identity.group), modified: frame.settings.startedAt))

        let entries = try destination.changes()
        return try frame.pack { writer throws(BuildError) in
            for planned in entries {
                var entry = planned.entry
                entry.modified = min(entry.modified, frame.settings.layerEpoch ?? entry.modified)
                let clamped = entry
                try fromLayers { () throws(LayerError) in try writer.write(clamped) }
            }
        }
    }
}
