package import OCI
package import SystemPackage

/// Something in the store that is not what was written there.
package struct StoreFault: Hashable, Sendable {
    /// What is at fault, and so what mending does with it.
    package enum Subject: Hashable, Sendable {
        /// A file that is a cache, or whose name is its digest: it is removed.
        case file
        /// A folder of a cache: it is removed.
        case folder
        /// A folder of a cache of which nothing says what it should hold, as of a build that was killed before it had
        /// packed its layer: it is removed.
        case incomparable
        /// A name whose image is not whole: it is forgotten.
        case name(Reference)
        /// A table of files: the records that do not fit are left out.
        case table
        /// The file of names is taken as it is.
        case names
        /// The file says that this is a layout: it is written again.
        case layout
        /// The cache mount of this name is dropped: it is a cache.
        case cacheMount(FilePath)
        /// It was mended when the store was opened.
        case mended
        /// What its owner alone can judge: it stays.
        case container
    }

    package let subject: Subject
    /// Relative to the store.
    package let path: FilePath
    /// One clause.
    package let why: String

    package init(_ subject: Subject, _ path: FilePath, _ why: String) {
        self.subject = subject
        self.path = path
        self.why = why
    }
}
