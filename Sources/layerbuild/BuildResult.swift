import Builder
import OCI
import SystemPackage

/// What a build came to, for whoever asked for it.
struct BuildResult: Sendable {
    let report: BuildReport
    let names: [Reference]

    var summary: BuildSummary { BuildSummary(image: report.image, names: names, outputs: report.outputs) }

    /// The lines for people.
    var text: String {
        let image = report.image
        let name = names.isEmpty ? "" : names.map(\.familiar).joined(separator: ", ") + " "
        let count = image.layers.count
        let platforms = image.single == nil ? " for \(Self.platforms(image).joined(separator: ", "))" : ""
        var lines = [
            "built \(name)\(image.root.digest)\(platforms), \(count) \(count == 1 ? "layer" : "layers") "
                + "of \(Self.size(image).asSize), in \(report.seconds.asSeconds)"
        ]
        lines += report.outputs.map(Self.line)
        if shipsZstd {
            lines.append(
                "note: docker before 23 and umoci before 0.5 read no zstd layers; `--compression gzip` writes for them too"
            )
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// True if an archive of the image has layers that not every tool reads.
    private var shipsZstd: Bool {
        let carriesLayers = report.outputs.contains { written in
            [Output.Form.image, .oci, .ociFolder].contains(written.output.form)
        }
        return carriesLayers && report.image.layers.contains { $0.mediaType == .layerZstd }
    }

    private static func platforms(_ image: BuiltImage) -> [String] {
        image.images.compactMap { $0.manifest.platform?.description }
    }

    /// The layers' size as they are shipped.
    private static func size(_ image: BuiltImage) -> Int64 { image.layers.reduce(0) { $0 + $1.size } }

    private static func line(_ written: WrittenOutput) -> String {
        if case .registry(let name) = written.output.destination {
            return "pushed \(name.map(\.familiar) ?? "it under every name")"
        }
        let place = written.output.path.map { PrintableLine(Array($0.string.utf8)).text } ?? "standard output"
        let size = written.size.map { " (\($0.asSize))" } ?? ""
        return written.isUnchanged ? "\(place) has it already\(size)" : "wrote \(place)\(size)"
    }

    /// The object for programs.
    var json: JSONValue {
        let outputs = report.outputs.map { written -> JSONValue in
            var object = JSONObject([("type", .string(written.output.form.rawValue))])
            object["path"] = written.output.path.map { .string($0.string) }
            object["size"] = written.size.map(JSONValue.integer)
            object["unchanged"] = .bool(written.isUnchanged)
            return .object(object)
        }
        var object = JSONObject([
            ("event", "built"), ("digest", .string(report.image.root.digest.description)),
            ("names", .strings(names.map(\.description))), ("size", .integer(Self.size(report.image))),
            ("outputs", .array(outputs)), ("seconds", report.seconds.json),
        ])
        if let image = report.image.single {
            object["config"] = .string(image.config.digest.description)
        } else {
            object["platforms"] = .strings(Self.platforms(report.image))
        }
        return .object(object)
    }
}

extension Double {
    /// A time with milliseconds.
    var json: JSONValue { .number(fixed(3)) }
}
