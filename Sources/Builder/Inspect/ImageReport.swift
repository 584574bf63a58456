import Layers
package import OCI

/// What an image's layers hold, what of it is carried for nothing, and which line of the recipe made what.
package struct ImageReport: Sendable {
    /// A file as one layer has it.
    package struct LayerFile: Hashable, Sendable {
        package let path: TreePath
        package let size: Int64
    }

    package struct Layer: Sendable {
        package let layer: InspectedImage.Layer
        /// Bytes of all files in it.
        package let size: Int64
        /// Bytes of the files in it that a later layer hides.
        package let wasted: Int64
        package let entryCount: Int
        /// Sorted by path.
        package let files: [LayerFile]
    }

    package let image: InspectedImage
    package let layers: [Layer]
    /// The largest first.
    package let losses: [InspectedTree.Loss]
    /// The files of the finished tree, the largest first.
    package let largest: [InspectedFile]
    /// How many files, folders and links the finished tree has.
    package let entryCount: Int
    /// The bytes of its files.
    package let size: Int64

    package var wasted: Int64 { losses.reduce(0) { $0 + $1.size } }
    /// Bytes of all files in all layers.
    package var carried: Int64 { layers.reduce(0) { $0 + $1.size } }

    init(_ image: InspectedImage, _ listings: [LayerListing]) throws(LayerError) {
        let tree = try InspectedTree(listings)
        self.image = image
        losses = tree.losses.sorted { ($1.size, $0.path, $0.layer) < ($0.size, $1.path, $1.layer) }
        let files = tree.entries.filter { $0.size > 0 && $0.source == $0.path }
        largest = files.sorted { ($1.size, $0.path) < ($0.size, $1.path) }
        entryCount = tree.entries.count
        size = files.reduce(0) { $0 + $1.size }
        layers = zip(image.layers, listings).enumerated().map { number, pair in
            let files = Self.files(of: pair.1)
            return Layer(
                layer: pair.0, size: files.reduce(0) { $0 + $1.size },
                wasted: tree.losses.filter { $0.layer == number }.reduce(0) { $0 + $1.size },
                entryCount: pair.1.items.count, files: files)
        }
    }

    private static func files(of listing: LayerListing) -> [LayerFile] {
        var sizes: [TreePath: Int64] = [:]
        for case .entry(let entry, _) in listing.items {
            guard case .file(let size) = entry.kind else { continue }
            sizes[entry.path] = size
        }
        return sizes.map { LayerFile(path: $0.key, size: $0.value) }.sorted { $0.path < $1.path }
    }
}

extension ImageInspector {
    /// Reads every layer for a report.
    package func report(of image: InspectedImage) throws(ImageError) -> ImageReport {
        let listings = try layers(of: image, .contents)
        do throws(LayerError) { return try ImageReport(image, listings) } catch {
            throw ImageError.reading(error, image.name)
        }
    }
}
