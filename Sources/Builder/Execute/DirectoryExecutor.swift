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
        // Names that the image does not have are passed over: they may be known where the image will run.
        let owner = try UserDatabase(of: lower).ownership(of: directory.owner).owner
        var destination = Destination(lower: lower)
        let path = try destination.resolve(TreePath(normalising: directory.path))
        try destination.makeFolders(
            path,
            like: FolderTemplate(owner: owner, modified: frame.settings.startedAt))

        var changes = try destination.changes()
        return try frame.pack(step, over: inputs.result(step.base)) { writer throws(BuildError) in
            while let planned = try changes.next() {
                var entry = planned.entry
                entry.modified = min(entry.modified, frame.settings.layerEpoch ?? entry.modified)
                let clamped = entry
                try fromLayers { () throws(LayerError) in try writer.write(clamped) }
            }
        }
    }
}
