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
            let written = config.serialised()
            let again = try? ImageConfig(parsing: written)
            // Values that hold strings are equal while their bytes differ, so the bytes are asked too.
            law("a configuration survives", again == config && again?.serialised() == written)
        }
        if let manifest = try? Manifest(parsing: bytes) {
            let written = manifest.serialised()
            let again = try? Manifest(parsing: written)
            law("a manifest survives", again == manifest && again?.serialised() == written)
            law("sizes are sizes", ([manifest.config] + manifest.layers).allSatisfy { $0.size >= 0 })
        }
        if let index = try? ImageIndex(parsing: bytes) {
            let written = index.serialised()
            let again = try? ImageIndex(parsing: written)
            law("an index survives", again == index && again?.serialised() == written)
        }
    }
}
