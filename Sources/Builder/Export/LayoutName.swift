package import OCI
package import SystemPackage

/// What an image is called in an OCI layout.
package struct LayoutName: Hashable, Sendable {
    /// By what a layout's images are told apart: a tag, or what somebody typed behind a path; `nil` without a tag.
    let text: String?
    /// The full name, as containerd and docker want it; `nil` if the text makes none.
    let image: Reference?

    /// A tag alone is what the specification wants there.
    package init(_ name: Reference) {
        text = name.tag
        image = name
    }

    /// A name as typed behind a path, which skopeo and podman look for letter by letter; `nil` if it is none.
    ///
    /// Where a word alone is read as a name, the place's own name stands before it.
    package init?(typed text: String, at place: FilePath) {
        guard Self.isName(text) else { return nil }
        self.text = text
        if text.contains(where: { ":/@".contains($0) }) {
            image = Reference(text).flatMap { $0.digest == nil ? $0 : nil }
        } else {
            let stem = place.lastComponent?.string.prefix { $0 != "." }.lowercased() ?? ""
            image = Reference("\(stem):\(text)")
        }
    }

    /// What image-spec's annotations.md lets `org.opencontainers.image.ref.name` be.
    private static func isName(_ text: String) -> Bool {
        text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { component in
            component.replacing("--", with: "-").split(omittingEmptySubsequences: false) { "-._:@+".contains($0) }
                .allSatisfy { word in !word.isEmpty && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } }
        }
    }
}
