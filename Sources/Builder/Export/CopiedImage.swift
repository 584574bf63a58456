import OCI

/// An image that is to be copied; all of it is in the store.
package struct CopiedImage: Hashable, Sendable {
    package let image: BuiltImage
    /// The names that its source gives it.
    let names: [Reference]
}
