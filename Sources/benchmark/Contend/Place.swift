package import SystemPackage

/// Where the things of one workload lie.
package struct Place: Hashable, Sendable {
    /// The file system under test.
    package let home: FilePath
    package let context: FilePath
    package let base: FilePath
    package let baseTarball: FilePath

    /// The recipe of a build.
    package let recipe: FilePath
    /// The recipe of the build that went before it.
    package let begun: FilePath

    /// A file or folder that belongs to one contender.
    package func own(_ name: String) -> FilePath { home.appending("own-" + name) }

    package var baseContext: FilePath { baseTarball.removingLastComponent() }
}
