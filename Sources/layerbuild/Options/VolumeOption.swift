import Builder
import OCI
import SystemPackage

/// One `-v` as typed: `SOURCE:TARGET`, and `:ro` for what may only be read.
enum VolumeOption {
    static func volume(_ text: String, in surroundings: Surroundings) throws(Failure) -> ContainerRequest.Volume {
        let parts = text.parts(between: ":")
        guard (2...3).contains(parts.count), !parts[0].isEmpty, parts[1].utf8.first == UInt8(ascii: "/") else {
            throw .usage(
                "`\(text)` names no volume", hint: "write SOURCE:TARGET or SOURCE:TARGET:ro, TARGET from the root on")
        }
        let mode = parts.count == 3 ? parts[2] : "rw"
        guard mode == "ro" || mode == "rw" else {
            throw .usage("a volume has no mode `\(mode)`", hint: "there are `ro` and `rw`")
        }
        return ContainerRequest.Volume(
            source: surroundings.absolute(parts[0]), target: parts[1], isReadOnly: mode == "ro")
    }
}
