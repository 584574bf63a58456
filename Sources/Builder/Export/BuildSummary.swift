package import OCI

/// The facts about a finished build that the command tells: on standard output, in its summary and in files.
package struct BuildSummary: Hashable, Sendable {
    package let image: AssembledImage
    package let names: [Reference]
    package let outputs: [WrittenOutput]

    package init(image: AssembledImage, names: [Reference], outputs: [WrittenOutput]) {
        self.image = image
        self.names = names
        self.outputs = outputs
    }

    /// What `--iidfile` holds: the configuration's digest, which is docker's name for an image.
    package var imageID: String { image.config.digest.description }

    /// What `--metadata-file` holds, under the names that buildx gives it.
    package var metadata: JSONValue {
        var object = JSONObject([
            ("containerimage.config.digest", .string(image.config.digest.description)),
            ("containerimage.descriptor", image.manifest.json),
            ("containerimage.digest", .string(image.manifest.digest.description)),
        ])
        if !names.isEmpty { object["image.name"] = .string(names.map(\.description).joined(separator: ",")) }
        return .object(object)
    }
}
