import Builder
import OCI

/// A file of an image as a line of `ls` or `diff`.
struct EntryText {
    private let entry: InspectedFile

    init(_ entry: InspectedFile) { self.entry = entry }

    /// `-rwxr-xr-x`, as `ls -l` has it.
    var mode: String {
        let bits = entry.mode
        var text = String(letter)
        for (shift, special, set) in [(6, 0o4000, "s"), (3, 0o2000, "s"), (0, 0o1000, "t")] as [(Int, UInt16, String)] {
            let three = bits >> UInt16(shift)
            text += three & 4 != 0 ? "r" : "-"
            text += three & 2 != 0 ? "w" : "-"
            let runs = three & 1 != 0
            text += bits & special != 0 ? (runs ? set : set.uppercased()) : (runs ? "x" : "-")
        }
        return text
    }

    private var letter: Character {
        switch entry.kind {
        case .file: "-"
        case .folder: "d"
        case .symbolicLink: "l"
        case .characterDevice: "c"
        case .blockDevice: "b"
        case .fifo: "p"
        }
    }

    var kind: String {
        switch entry.kind {
        case .file: "file"
        case .folder: "folder"
        case .symbolicLink: "link"
        case .characterDevice: "character device"
        case .blockDevice: "block device"
        case .fifo: "fifo"
        }
    }

    var target: [UInt8]? {
        if case .symbolicLink(let target) = entry.kind { target } else { nil }
    }

    /// The path, for people: absolute, and with nothing in it that a terminal would obey.
    var path: String { PrintableLine([UInt8(ascii: "/")] + entry.path.bytes).text }

    var name: String { path + (target.map { " -> \(PrintableLine($0).text)" } ?? "") }

    var json: JSONObject {
        var object = JSONObject([
            ("path", .string(entry.path.description)), ("kind", .string(kind)), ("size", .integer(entry.size)),
            ("mode", .string(octal)), ("owner", .integer(Int64(entry.owner))),
            ("group", .integer(Int64(entry.group))),
            ("modified", .string(Timestamp.text(seconds: entry.modified))),
            ("layer", .integer(Int64(entry.layer))),
        ])
        object["target"] = target.map { JSONValue.string(String(decoding: $0, as: UTF8.self)) } ?? JSONValue.null
        return object
    }

    var octal: String {
        let digits = String(entry.mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
