package import OCI
package import SystemPackage

/// One `-o`: a form and a place for what was built.
package struct Output: Hashable, Sendable {
    package enum Form: String, Hashable, Sendable {
        /// A tar that is an OCI layout and has docker's `manifest.json` too.
        case image
        /// The same without `manifest.json`.
        case oci
        /// What `docker load` reads, and no more.
        case docker
        /// An OCI layout as a folder.
        case ociFolder = "oci-dir"
        /// The image's files as a folder.
        case local
        /// The image's files as a tar.
        case tar
        case none
        /// Pushed to the registries of its names.
        case registry
    }

    package enum Destination: Hashable, Sendable {
        case path(FilePath)
        case standardOutput
        /// The registry of this name, or those of all the image's names.
        case registry(Reference?)
    }

    package let form: Form
    /// Absolute if it is a path; unused for `none`.
    package let destination: Destination

    /// Where it is written; `nil` if that is no path.
    package var path: FilePath? {
        if case .path(let path) = destination { path } else { nil }
    }

    package init(form: Form, destination: Destination) {
        self.form = form
        self.destination = destination
    }
}
