import Linux
import Synchronization
import SystemPackage

/// The lowest of many layers, mounted together once for all steps of a build that stand on them.
///
/// For each mount Linux opens every layer, and for each name that is new to the mount it asks every layer that has the
/// folder. A step over hundreds of layers would pay for all of them; so it gets those at the bottom as one. They are a
/// whole file system, so nothing of what is seen differs: whiteouts and opaque folders among them have had their effect,
/// and those above have theirs on what is shown. Only their inode numbers give it away.
final class JoinedLayers: Sendable {
    /// So many are joined at a time. Joining costs as much as a step over all of them would; a step pays for those that
    /// are not joined yet.
    private static let group = 32
    /// Over so many nothing is joined: docker mounts no more, so every recipe that it builds meets the numbers it knows.
    private static let most = 128

    private struct State {
        /// By the uppermost folder, whose name says what lies below it.
        var views: [FilePath: View] = [:]
        /// Whether this kernel takes a view as a layer; `nil` until it was tried.
        var takesViews: Bool?
    }

    fileprivate final class View: Sendable {
        let mount: Linux.Mount
        init(_ mount: consuming Linux.Mount) { self.mount = mount }

        /// The kernel's own link to the mount, which is attached nowhere.
        var path: FilePath { FilePath("/proc/self/fd/\(mount.number)") }
    }

    /// What a mount names as its layers.
    struct Stack {
        /// The lowest first.
        let folders: [FilePath]
        let numbers: Linux.Mount.InodeNumbers

        /// Each layer by itself; all are of one file system.
        init(single folders: [FilePath]) {
            self.folders = folders
            numbers = .layers
        }

        fileprivate init(_ view: View, below folders: ArraySlice<FilePath>) {
            self.folders = [view.path] + folders
            numbers = .distinguished
        }
    }

    private let state = Mutex(State())

    /// What a mount names for `lower`, the lowest first: fewer folders, and the same files.
    ///
    /// `lower` itself if it is short, or if the kernel will not. Those folders take longer and are no failure; what is
    /// wrong with them the mount itself will say.
    func stack(of lower: [FilePath]) -> Stack {
        guard lower.count > Self.most else { return Stack(single: lower) }
        let count = (lower.count - 1) / Self.group * Self.group
        guard let view = view(of: Array(lower[..<count]), below: lower[count]) else { return Stack(single: lower) }
        return Stack(view, below: lower[count...])
    }

    private func view(of lower: [FilePath], below next: FilePath) -> View? {
        state.withLock { state in
            guard state.takesViews != false, let top = lower.last else { return nil }
            if let view = state.views[top] { return view }
            guard let mount = try? Linux.Mount.overlay(reading: lower, empty: next) else { return nil }
            let view = View(mount)
            if state.takesViews == nil { state.takesViews = Self.takes(view, below: next) }
            guard state.takesViews == true else { return nil }
            state.views[top] = view
            return view
        }
    }

    /// Kernels before 6.15 take no detached mount as a layer, and none takes overlays that are more than two deep. It is
    /// tried with a view of both, because a mount that fails has used up its work folder.
    private static func takes(_ view: View, below next: FilePath) -> Bool {
        (try? Linux.Mount.overlay(reading: [view.path, next], empty: next)) != nil
    }
}
