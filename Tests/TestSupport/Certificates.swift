import Linux
package import SystemPackage

/// An authority of our own that signs certificates, made with openssl.
package struct Certificates: Sendable {
    package struct Leaf: Sendable {
        package let certificate: FilePath
        package let key: FilePath
    }

    private let folder: FilePath

    /// The authority's certificate, as PEM.
    package var authority: FilePath { folder.appending("authority.crt") }

    package init(in folder: FilePath) throws {
        self.folder = folder
        try Self.openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj",
            "/CN=authority", "-keyout", "\(folder)/authority.key", "-out", "\(folder)/authority.crt")
    }

    /// A certificate for a name such as `IP:127.0.0.1`; one of a negative number of days has run out.
    package func leaf(for name: String, days: Int) throws -> Leaf {
        let stem = "\(folder)/leaf"
        try Self.openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=leaf",
            "-addext",
            "subjectAltName=\(name)", "-keyout", "\(stem).key", "-out", "\(stem).csr")
        try Self.openssl(
            "x509", "-req", "-in", "\(stem).csr", "-CA", "\(folder)/authority.crt", "-CAkey", "\(folder)/authority.key",
            "-CAcreateserial", "-copy_extensions", "copy", "-days", "\(days)", "-out", "\(stem).crt")
        return Leaf(certificate: FilePath("\(stem).crt"), key: FilePath("\(stem).key"))
    }

    private static func openssl(_ arguments: String...) throws {
        let status = try ChildProcess(SpawnPlan(arguments: ["openssl"] + arguments), try Streams.none()).wait()
        guard status == .exited(0) else { throw SyscallError("openssl", arguments[0], .invalidArgument) }
    }
}
