import OCI

/// A JSON document, read as each of the documents that images have.
struct DocumentInput {
    let bytes: [UInt8]

    init(_ input: [UInt8]) { bytes = input }

    func run() {
        if let value = try? JSONValue.parse(bytes) {
            // Again from what was written: a number such as `-0` may lose its spelling the first time.
            let written = value.serialised()
            law("what is written is read back", (try? JSONValue.parse(written))?.serialised() == written)
        }
        if let config = try? ImageConfig(parsing: bytes) {
            law("a configuration survives", (try? ImageConfig(parsing: config.serialised())) == config)
        }
        if let manifest = try? Manifest(parsing: bytes) {
            law("a manifest survives", (try? Manifest(parsing: manifest.serialised())) == manifest)
            law("sizes are sizes", ([manifest.config] + manifest.layers).allSatisfy { $0.size >= 0 })
        }
        if let index = try? ImageIndex(parsing: bytes) {
            law("an index survives", (try? ImageIndex(parsing: index.serialised())) == index)
        }
    }
}
