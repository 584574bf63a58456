import Frontend
import OCI

extension StepExecutor {
    /// The cache mounts of a build's steps, each once.
    func cacheMounts(of steps: [Step], _ results: [StepID: StepResult]) -> [CacheMountExport.Mount] {
        let inputs = StepInputs(bases: bases, results: results)
        var mounts: [Digest: CacheMountExport.Mount] = [:]
        for step in steps {
            guard case .run(let run) = step.operation else { continue }
            for case .cache(let id, let cache, let origin, let source) in run.mounts.map(\.kind) {
                let name = inputs.cacheName(id, cache, origin, source)
                mounts[name] = CacheMountExport.Mount(
                    name: name, id: id, number: clearedCaches.number(of: name), wasUsed: mountedCaches.contains(name))
            }
        }
        return mounts.values.sorted { $0.name.description < $1.name.description }
    }
}
