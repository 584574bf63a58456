import Linux
import SystemPackage

/// `hostname`, `hosts` and `resolv.conf`, as every step of a build sees them.
///
/// They are written once per build into a folder of the store's and bound over the step's own, read-only; a container has its own set.
struct NetworkFiles: Sendable {
    /// The name that every step sees for its machine.
    static let hostname = "buildkitsandbox"

    let folder: FilePath

    /// The names of the files, and the places in the root where they appear.
    private static let names = ["hostname", "hosts", "resolv.conf"].map { (file: $0, target: "/etc/\($0)") }

    /// What must exist in the root for the files to be mounted on.
    static let initPlaces = names.map { InitLayer.Place(target: $0.target, isFolder: false) }

    /// The files as mounts that can only be read.
    func attachments() throws(SyscallError) -> [Isolation.Attachment] {
        var attachments: [Isolation.Attachment] = []
        for (file, target) in Self.names {
            let mount = try Linux.Mount.bind(
                folder.appending(file), [.readOnly, .noDevices, .noPrograms, .noPrivileges])
            attachments.append(Isolation.Attachment(mount, at: FilePath(target)))
        }
        return attachments
    }

    /// Writes the files into an empty folder.
    init(
        in folder: FilePath, extraHosts: [BuildRequest.ExtraHost], resolvers: Resolvers = Resolvers(),
        hostname: String = Self.hostname
    ) throws(SyscallError) {
        self.folder = folder
        let opened = try Folder(opening: folder)
        try Self.write("\(hostname)\n", as: "hostname", in: opened)
        try Self.write(Self.hosts(extraHosts, hostname: hostname), as: "hosts", in: opened)
        try Self.write(resolvers.text(over: Self.hostResolvers()), as: "resolv.conf", in: opened)
    }

    private static func write(_ text: String, as name: FilePath, in folder: borrowing Folder) throws(SyscallError) {
        let file = try folder.createFile(name)
        try file.write(Array(text.utf8))
        try file.setMode(0o644)
    }

    static func hosts(_ extra: [BuildRequest.ExtraHost], hostname: String = Self.hostname) -> String {
        let standard = """
            127.0.0.1\tlocalhost \(hostname)
            ::1\tlocalhost ip6-localhost ip6-loopback
            fe00::0\tip6-localnet
            ff00::0\tip6-mcastprefix
            ff02::1\tip6-allnodes
            ff02::2\tip6-allrouters

            """
        return standard + extra.map { "\($0.address)\t\($0.name)\n" }.joined()
    }

    /// The host's resolvers. A stub on loopback is of no use with another network, so systemd's real list goes first.
    private static func hostResolvers() throws(SyscallError) -> String {
        let paths: [FilePath] = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"]
        var texts: [String] = []
        for path in paths {
            do {
                texts.append(String(decoding: try File(opening: path).readAll(limit: 1 << 20), as: UTF8.self))
            } catch  where error.errno == .noSuchFileOrDirectory {
                continue
            }
        }
        let real = texts.first { text in !servers(text).isEmpty && servers(text) != ["127.0.0.53"] }
        return real ?? texts.first ?? ""
    }

    private static func servers(_ text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(whereSeparator: \.isWhitespace)
            return words.count > 1 && words[0] == "nameserver" ? String(words[1]) : nil
        }
    }
}
