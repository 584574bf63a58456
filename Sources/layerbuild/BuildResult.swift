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
        var lines = [
            "built \(name)\(image.manifest.digest), \(image.layers.count) \(image.layers.count == 1 ? "layer" : "layers") "
                + "of \(image.layerSize.asSize), in \(report.seconds.asSeconds)"
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
        return .object(
            JSONObject([
                ("event", "built"), ("digest", .string(report.image.manifest.digest.description)),
                ("config", .string(report.image.config.digest.description)),
                ("names", .strings(names.map(\.description))), ("size", .integer(report.image.layerSize)),
                ("outputs", .array(outputs)), ("seconds", report.seconds.json),
            ]))
    }
}

extension Double {
    /// A time with milliseconds.
    var json: JSONValue { .number(fixed(3)) }
}
