package import OCI

/// The facts about a finished build that the command tells: on standard output, in its summary and in files.
package struct BuildSummary: Hashable, Sendable {
    package let image: BuiltImage
    package let names: [Reference]
    package let outputs: [WrittenOutput]

    package init(image: BuiltImage, names: [Reference], outputs: [WrittenOutput]) {
        self.image = image
        self.names = names
        self.outputs = outputs
    }

    /// What `--iidfile` holds: the configuration's digest, which is docker's name for an image. Images for several
    /// platforms have no configuration in common, and buildx writes the digest of their index there.
    package var imageID: String { (image.single?.config ?? image.root).digest.description }

    /// What `--metadata-file` holds, under the names that buildx gives it.
    package var metadata: JSONValue {
        var object = JSONObject([
            ("containerimage.descriptor", image.root.json),
            ("containerimage.digest", .string(image.root.digest.description)),
        ])
        object["containerimage.config.digest"] = image.single.map { .string($0.config.digest.description) }
        if !names.isEmpty { object["image.name"] = .string(names.map(\.description).joined(separator: ",")) }
        return .object(object)
    }
}
