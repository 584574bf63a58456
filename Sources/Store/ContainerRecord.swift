package import OCI

/// What a kept container was started from, and with what: all that is needed to make a layer of what it changed.
package struct ContainerRecord: Hashable, Sendable {
    /// A path that was made for a mount, if the image lacked it.
    package struct Place: Hashable, Sendable {
        package let target: String
        package let isFolder: Bool

        package init(target: String, isFolder: Bool) {
            self.target = target
            self.isFolder = isFolder
        }
    }

    /// The image as it was asked for.
    package let image: String
    package let manifest: Digest
    package let command: [String]
    package let places: [Place]
    /// In seconds since 1970.
    package let created: Int64

    package init(image: String, manifest: Digest, command: [String], places: [Place], created: Int64) {
        self.image = image
        self.manifest = manifest
        self.command = command
        self.places = places
        self.created = created
    }
}

extension ContainerRecord {
    /// `nil` for anything but what ``json`` writes.
    init?(json object: JSONObject) {
        guard let image = object["image"]?.string,
            let manifest = object["manifest"]?.string.flatMap({ Digest($0) }),
            let command = object["command"]?.strings,
            let folders = object["folders"]?.strings, let files = object["files"]?.strings,
            let created = object["created"]?.integer
        else { return nil }
        self.init(
            image: image, manifest: manifest, command: command,
            places: folders.map { Place(target: $0, isFolder: true) }
                + files.map { Place(target: $0, isFolder: false) },
            created: created)
    }

    var json: JSONObject {
        JSONObject([
            ("image", .string(image)), ("manifest", .string(manifest.description)), ("command", .strings(command)),
            ("folders", .strings(places.filter(\.isFolder).map(\.target))),
            ("files", .strings(places.filter { !$0.isFolder }.map(\.target))), ("created", .integer(created)),
        ])
    }
}
