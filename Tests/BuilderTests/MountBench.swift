import Frontend
import Glibc
import Linux
import OCI
import Store
import Synchronization
import SystemPackage
import Testing

@testable import Builder

/// A store with a busybox in it and a context, to build recipes with `RUN --mount` in.
final class MountBench: Sendable {
    let images: ImageBench

    static let isPossible = geteuid() == 0 && access("/bin/busybox", X_OK) == 0

    /// What a build left behind.
    struct Made {
        /// Everything that steps printed.
        let output: String
        let image: AssembledImage
        /// The image's layers, each as `tar` lists it.
        let layers: [String]
    }

    init() throws {
        images = try ImageBench()
        try images.shell(
            """
            mkdir -p base/bin base/etc base/tmp base/root base/proc base/sys base/dev context
            cp /bin/busybox base/bin/busybox
            for name in $(/bin/busybox --list); do [ -e base/bin/$name ] || ln -s busybox base/bin/$name; done
            printf 'root:x:0:0:root:/root:/bin/sh\\n' >base/etc/passwd
            chown -R 0:0 base && find base -exec touch -h -d @1500000000 {} +
            """)
        _ = try images.importer.importImage(
            from: .rootfs(images.appending("base")),
            named: [try #require(Reference("docker.io/library/busybox:latest"))])
    }

    func build(
        _ recipe: String, interruption: Interruption? = nil, _ change: (inout BuildRequest) -> Void = { _ in }
    ) async throws -> Made {
        try images.write("Recipe", Array(recipe.utf8))
        var request = BuildRequest(
            context: .folder(images.appending("context")), currentDirectory: images.path, startedAt: 1_700_000_000)
        request.recipe = .file(images.appending("Recipe"))
        request.compression = CompressionChoice(algorithm: .none, isExplicit: true)
        request.outputs = [Output(form: .none, destination: .standardOutput)]
        change(&request)

        let printed = Recording()
        let build = Build(request, in: images.store, interruption: try interruption ?? Interruption()) { event in
            if case .step(_, .output(let bytes, _)) = event { printed.append(bytes) }
        }
        let report = try await build.run()
        let layers = try report.image.layers.map { layer in
            try images.shell("tar -tvf '\(images.store.blobs.path(of: layer.digest))' --full-time --numeric-owner")
        }
        return Made(output: printed.text, image: try #require(report.image.single), layers: layers)
    }

    /// Fails, and says why.
    func failure(
        of recipe: String, interruption: Interruption? = nil, _ change: (inout BuildRequest) -> Void = { _ in }
    ) async throws -> BuildError {
        do {
            _ = try await build(recipe, interruption: interruption, change)
        } catch let error as BuildError {
            return error
        }
        throw Unexpected()
    }

    struct Unexpected: Error {}

    private final class Recording: Sendable {
        private let bytes: Mutex<[UInt8]> = Mutex([])

        func append(_ more: [UInt8]) { bytes.withLock { $0 += more } }

        var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
    }
}
