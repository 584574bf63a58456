import Linux
import Synchronization
import SystemPackage

/// Removes what nobody needs any more, on a thread of its own: whoever has used it goes on.
///
/// What is not removed yet when it is dropped is waited for. What cannot be removed stays in the process's scratch
/// folder, which goes with the process, or with the next command.
final class Sweeper: Sendable {
    private let root: StoreRoot
    private let names = BoundedQueue<FilePath>(capacity: 256)
    private let thread = Mutex<JoinedThread?>(nil)

    init(root: StoreRoot) { self.root = root }

    /// Removes a file or a tree of the store some time soon.
    func remove(_ name: FilePath) {
        let works = thread.withLock { thread in
            if thread == nil { thread = try? JoinedThread { [root, names] in Self.work(names, in: root) } }
            return thread != nil
        }
        if !works || !names.put(name) { try? root.folder.removeTree(name) }
    }

    private static func work(_ names: BoundedQueue<FilePath>, in root: StoreRoot) {
        while let name = names.take() { try? root.folder.removeTree(name) }
    }

    /// Waits until everything is removed. What comes later is removed by whoever asks for it.
    func finish() {
        names.close()
        thread.withLock { $0 = nil }
    }

    deinit { finish() }
}
