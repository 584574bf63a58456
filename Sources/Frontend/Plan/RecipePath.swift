/// Paths as recipes spell them, brought into form by their text alone, as Go's `path` package does it.
enum RecipePath {
    /// Go's `path.Clean`: no empty and no `.` component, `..` taken together with what it leaves. Empty becomes `.`.
    static func cleaned(_ bytes: [UInt8]) -> [UInt8] {
        let slash = UInt8(ascii: "/")
        let isAbsolute = bytes.first == slash
        var components: [ArraySlice<UInt8>] = []
        for component in bytes.split(separator: slash) where !component.elementsEqual(".".utf8) {
            guard component.elementsEqual("..".utf8) else {
                components.append(component)
                continue
            }
            if let last = components.last, !last.elementsEqual("..".utf8) {
                components.removeLast()
            } else if !isAbsolute {
                components.append(component)
            }
        }
        let path = (isAbsolute ? [slash] : []) + components.joined(separator: [slash])
        return path.isEmpty ? [UInt8(ascii: ".")] : Array(path)
    }

    static func cleaned(_ path: String) -> String { String(decoding: cleaned(Array(path.utf8)), as: UTF8.self) }

    /// An absolute path for `path` as seen from `folder`, cleaned.
    static func absolute(_ path: String, in folder: String) -> String {
        cleaned(isAbsolute(path) ? path : "/\(folder)/\(path)")
    }

    /// The working directory that WORKDIR makes: an absolute path as it is, any other below the current one.
    static func workingDirectory(_ path: String, in current: String) -> String {
        if isAbsolute(path) { return path }
        return path.isEmpty ? absolute("", in: current) : absolute(path, in: current)
    }

    /// The destination of a copy: absolute and clean, but a `/` or `/.` at its end stays, since it says "a folder".
    static func destination(_ path: String, in folder: String) -> String {
        let written = path.isEmpty || path == "." ? "./" : path
        let clean = absolute(written, in: folder)
        guard clean != "/" else { return clean }
        if written.utf8.last == UInt8(ascii: "/") { return clean + "/" }
        return Array(written.utf8.suffix(2)) == Array("/.".utf8) ? clean + "/." : clean
    }

    /// The last component; `/` of the root.
    static func name(of path: String) -> String {
        let components = path.utf8.split(separator: UInt8(ascii: "/"))
        return components.last.map { String(Substring($0)) } ?? "/"
    }

    static func isAbsolute(_ path: String) -> Bool { path.utf8.first == UInt8(ascii: "/") }
}
