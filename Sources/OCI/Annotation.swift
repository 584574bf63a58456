/// The annotation keys that we read and write (image-spec, annotations.md).
package enum Annotation {
    /// A tag alone, on the descriptors of an OCI layout.
    package static let referenceName = "org.opencontainers.image.ref.name"
    /// The full name, as containerd wants it there.
    package static let imageName = "io.containerd.image.name"
    /// By which the store knows that its own `index.json` is as it was written.
    package static let check = "layerbuild.check"
}
