import SystemPackage

/// What lies in a cache mount's folder, by its names in the store.
struct MountNames {
    private let mount: FilePath

    init(_ mount: FilePath) { self.mount = mount }

    /// What is mounted.
    var files: FilePath { mount.appending("fs") }
    /// What it held when it was given back: nobody has had it since.
    var listing: FilePath { mount.appending("listing") }
    /// The one that is being taken.
    var new: FilePath { mount.appending("listing.new") }
    /// The last one that counted.
    var old: FilePath { mount.appending("listing.old") }
}
