import Glibc
import Layers
import Linux
import OCI
import SystemPackage
import TestSupport
import Testing

@Suite("A decompressor")
struct DecompressorTests {
    static let packers = ["gzip -1", "gzip -9", "zstd -q -1", "zstd -q -19 --ultra", "xz -1", "xz -1 -T2", "bzip2 -1"]

    /// An archive of a tar that is larger than all buffers, packed by a command.
    private func packed(_ command: String) throws -> Archive {
        let archive = try Archive([])
        try shell(
            "head -c 3000000 /dev/urandom >a; seq 700000 >b; tar -cf plain a b; { \(command); } <plain >archive",
            in: archive.scratch.path)
        return archive
    }

    private func patch(_ archive: Archive, at offset: Int64, _ bytes: [UInt8]) throws {
        let file = try File(opening: archive.file, O_RDWR)
        try file.seek(to: offset)
        try file.write(bytes)
    }

    @Test("gives back what was packed, in one stream or several", arguments: packers)
    func whole(packer: String) throws {
        for command in [packer, "for n in 1 2 3; do head -c 2000000 | \(packer); done; cat | \(packer)"] {
            let archive = try packed(command)
            let summary = try TarReader.summary(of: try archive.open())
            #expect(
                try shell("sha256sum <plain", in: archive.scratch.path) == "\(summary.diffID.digest.hex)  -\n")
            #expect(
                try shell("sha256sum <archive", in: archive.scratch.path) == "\(summary.digest.hex)  -\n")
        }
    }

    @Test("refuses streams that end too early, wherever they do", arguments: packers)
    func truncated(packer: String) throws {
        let archive = try packed(packer)
        let size = Int64(try shell("stat -c %s archive", in: archive.scratch.path).dropLast()) ?? 0
        for cut in [1, 4, 8, 9, 1000, size / 2, size - 20] {
            try shell("cp archive cut; truncate -s \(size - cut) cut", in: archive.scratch.path)
            let error = layerError {
                _ = try TarReader.summary(of: try File(opening: archive.scratch.path.appending("cut")))
            }
            guard case .corrupt = error else {
                Issue.record("\(cut) bytes less: \(String(describing: error))")
                continue
            }
        }
    }

    @Test("checks gzip's own checksum and length")
    func checksum() throws {
        let archive = try packed("gzip -1")
        let size = Int64(try shell("stat -c %s archive", in: archive.scratch.path).dropLast()) ?? 0
        for offset in [size - 8, size - 1] {
            let copy = try packed("gzip -1")
            try patch(copy, at: offset, [0xAA])
            try patch(copy, at: offset - 1, [0xAA])
            guard case .corrupt = layerError({ _ = try TarReader.summary(of: try copy.open()) }) else {
                Issue.record("a wrong trailer is taken")
                continue
            }
        }
    }

    @Test("takes zeros behind gzip as padding, and nothing else", arguments: ["gzip -1", "zstd -q", "xz -1"])
    func trailing(packer: String) throws {
        if packer.hasPrefix("gzip") {
            let padded = try packed("\(packer); head -c 700000 /dev/zero")
            #expect(layerError { _ = try TarReader.summary(of: try padded.open()) } == nil)
        }
        let garbage = try packed("\(packer); echo garbage, and enough of it")
        guard case .corrupt = layerError({ _ = try TarReader.summary(of: try garbage.open()) }) else {
            Issue.record("garbage is taken")
            return
        }
    }

    @Test("stops a bomb at the limit", arguments: ["gzip -9", "zstd -q -19", "xz -9", "bzip2"])
    func bomb(packer: String) throws {
        let archive = try Archive([])
        try shell("head -c 100M /dev/zero | \(packer) >archive", in: archive.scratch.path)
        let error = layerError {
            _ = try TarReader.summary(of: try archive.open(), limits: ArchiveLimits(size: 10 << 20))
        }
        guard case .tooLarge(_, limit: 10 << 20) = error else {
            Issue.record("the limit is not kept: \(String(describing: error))")
            return
        }
    }

    @Test("never unpacks what was packed twice")
    func nested() throws {
        for packer in ["gzip", "zstd -q", "xz", "bzip2"] {
            let archive = try packed("\(packer) | \(packer)")
            #expect(layerError { _ = try archive.entries() } != nil, "\(packer)")
        }
    }

    @Test("ends its thread when nobody wants the rest")
    func abandoned() throws {
        let archive = try packed("gzip -1")
        for _ in 0..<20 {
            var bytes = try Decompressor(try archive.open())
            _ = try bytes.read(upTo: 10) { #expect($0.count == 10) }
        }
        #expect(
            try shell(
                "ls /proc/\(getpid())/fd | xargs -I% readlink /proc/\(getpid())/fd/% | grep -c '\(archive.file)' || true"
            ) == "0\n")
    }
}
