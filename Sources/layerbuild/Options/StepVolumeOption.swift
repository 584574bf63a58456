import Builder
import OCI
import SystemPackage

/// One `--volume` as typed: `SOURCE:TARGET[:ACCESS]`. A source whose name has a colon in it cannot be written so.
struct StepVolumeOption {
    let volume: Volume

    init(_ text: String, in surroundings: Surroundings) throws(Failure) {
        let parts = text.parts(between: ":")
        guard (2...3).contains(parts.count), !parts[0].isEmpty, parts[1].utf8.first == UInt8(ascii: "/") else {
            throw .usage(
                "`--volume \(text)` does not say what is seen where",
                hint: "write `--volume source:/target`, with `:ro` behind it if RUN must not write")
        }
        let source = surroundings.absolute(parts[0])
        guard let kind = PathKind(source) else { throw .usage("the volume's source `\(parts[0])` is not there") }
        let access = try Self.access(parts.count > 2 ? parts[2] : "rw")
        guard access != .discarding || kind == .folder else {
            throw .usage("`--volume \(text)` throws writes away, which only folders can", hint: "write `:ro`")
        }
        guard parts[1].utf8.contains(where: { $0 != UInt8(ascii: "/") }) else {
            throw .usage("a volume cannot cover the root")
        }
        volume = Volume(source: source, target: parts[1], access: access)
    }

    private static func access(_ text: String) throws(Failure) -> Volume.Access {
        guard let access = Volume.Access(rawValue: text) else {
            throw .choice("--volume", text, Volume.Access.allCases.map(\.rawValue))
        }
        return access
    }
}
