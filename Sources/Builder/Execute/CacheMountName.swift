import Frontend
import OCI

extension StepInputs {
    /// Names the folder of a cache mount. Caches that start in another way are other caches, as BuildKit has it.
    func cacheName(_ id: String, _ cache: RunMount.Cache, _ origin: FileOrigin?, _ source: String) -> Digest {
        let start =
            switch origin {
            case .fileSystem(let system)?: "\(result(system).tree)\0\(source)"
            case .context(let name)?: "context \(name ?? "")\0\(source)"
            case nil: "\(String(cache.mode, radix: 8)) \(cache.owner) \(cache.group)"
            }
        return .of(Array("\(id)\0\(start)".utf8))
    }
}
