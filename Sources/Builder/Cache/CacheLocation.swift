package import OCI
package import SystemPackage

/// A place outside the store where the results of steps are kept for other machines.
package enum CacheLocation: Hashable, Sendable {
    /// An OCI layout: `type=local`.
    case folder(FilePath)
    /// An image at a registry: `type=registry`.
    case registry(Reference)
}

extension CacheLocation: CustomStringConvertible {
    package var description: String {
        switch self {
        case .folder(let path): "`\(path)`"
        case .registry(let name): "`\(name.familiar)`"
        }
    }
}

/// One `--cache-to`: a place, and how much goes there.
package struct CacheTarget: Hashable, Sendable {
    package enum Extent: String, Hashable, Sendable, CaseIterable {
        /// The steps whose layers are in the image.
        case min
        /// Every step of the build.
        case max
    }

    package let location: CacheLocation
    package let extent: Extent
    package let mounts: CacheMountChoice

    package init(location: CacheLocation, extent: Extent, mounts: CacheMountChoice = CacheMountChoice()) {
        self.location = location
        self.extent = extent
        self.mounts = mounts
    }
}

/// Which cache mounts go along.
package struct CacheMountChoice: Hashable, Sendable {
    /// Larger ones stay: bytes, without compression. 0 is none at all.
    package let limit: Int64
    /// The ids of those that stay in any case.
    package let excluded: Set<ExactText>

    package static let standardLimit: Int64 = 1_000_000_000

    package init(limit: Int64 = standardLimit, excluded: Set<ExactText> = []) {
        self.limit = limit
        self.excluded = excluded
    }

    func takes(_ id: String) -> Bool { limit > 0 && !excluded.contains(id) }
}
