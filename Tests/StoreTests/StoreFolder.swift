import Glibc
import Linux
import OCI
import Synchronization
import SystemPackage
import Testing

@testable import Store

/// A fresh folder below the temporary directory for a store; removed when the test ends.
final class StoreFolder: Sendable {
    /// A time long after the files of a test were made, so that nothing counts as just changed.
    static let later: Int64 = 4_000_000_000

    let path: FilePath

    init() throws {
        var template = Array("/tmp/layerbuild-store-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { $0.baseAddress.flatMap { mkdtemp($0) } }
        path = FilePath(platformString: try #require(made))
    }

    deinit {
        let parent = path.removingLastComponent()
        try? Folder(opening: parent).removeTree(FilePath(path.lastComponent?.string ?? ""))
    }

    func open(now: Int64 = later, boot: String = "one") throws -> Store {
        try Store.open(at: path.appending("store"), now: now, boot: boot)
    }

    func inside(_ name: String) -> FilePath { path.appending("store").appending(name) }

    /// The names in one of the store's folders.
    func names(in name: String) throws -> [String] {
        try Folder(opening: inside(name)).entries().map { String(decoding: $0.name, as: UTF8.self) }
    }

    func status(_ name: String) throws -> FileStatus? {
        try Folder(opening: path.appending("store")).status(of: FilePath(name))
    }

    func write(_ name: String, _ text: String) throws {
        let file = try File(opening: inside(name), O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
        try file.write(Array(text.utf8))
    }
}

extension Digest {
    static func text(_ text: String) -> Digest { Digest.of(Array(text.utf8)) }
}

/// Runs `body` on as many threads at once and waits for all; returns what they threw.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) -> [String] {
    let run = ThreadRun(body)
    var threads: [pthread_t] = []
    for index in 0..<count {
        var thread = pthread_t()
        let start = ThreadStart(run: run, index: index)
        let argument = Unmanaged.passRetained(start).toOpaque()
        let result = pthread_create(&thread, nil, threadMain, argument)
        if result == 0 { threads.append(thread) }
    }
    for thread in threads { pthread_join(thread, nil) }
    return run.failures.withLock { $0 }
}
