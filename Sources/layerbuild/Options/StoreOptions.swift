import ArgumentParser
import Builder
import Store
import SystemPackage

/// Which store a command works on.
struct StoreOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("the store's folder (LAYERBUILD_ROOT)", valueName: "folder"),
        completion: .directory)
    var root: String?

    /// `--root`, LAYERBUILD_ROOT, or where such things belong: for the superuser and for everybody else.
    func path(in surroundings: Surroundings) throws(Failure) -> FilePath {
        if let root = root ?? surroundings.setVariable("LAYERBUILD_ROOT") {
            guard !root.isEmpty else { throw .usage("`--root` is empty") }
            return surroundings.absolute(root)
        }
        if surroundings.isSuperuser { return "/var/lib/layerbuild" }
        // The XDG rule: a relative path counts as none.
        if let shared = surroundings.setVariable("XDG_DATA_HOME"), shared.utf8.first == UInt8(ascii: "/") {
            return FilePath(shared).appending("layerbuild")
        }
        guard let home = surroundings.setVariable("HOME") else {
            throw .usage("there is no folder for the store: HOME is not set", hint: "name one with `--root`")
        }
        return surroundings.absolute(home).appending(".local/share/layerbuild")
    }

    func open(in surroundings: Surroundings) throws(Failure) -> Store {
        let path = try path(in: surroundings)
        do { return try Store.open(at: path, now: surroundings.now) } catch { throw Failure(BuildError(error)) }
    }

    /// The same even if it is known to be damaged, for commands that only look at it.
    func openAsFound(in surroundings: Surroundings) throws(Failure) -> Store {
        let path = try path(in: surroundings)
        do { return try Store.openAsFound(at: path, now: surroundings.now) } catch { throw Failure(BuildError(error)) }
    }

    /// The same with nobody else in it; `waiting` is called if somebody is.
    func openAlone(in surroundings: Surroundings, waiting: () -> Void) throws(Failure) -> Store {
        let path = try path(in: surroundings)
        do { return try Store.openAlone(at: path, now: surroundings.now, waiting: waiting) } catch {
            throw Failure(BuildError(error))
        }
    }

    /// The same if nobody else is in it; `nil` otherwise.
    func openIfUnused(in surroundings: Surroundings) throws(Failure) -> Store? {
        let path = try path(in: surroundings)
        do { return try Store.openIfUnused(at: path, now: surroundings.now) } catch {
            throw Failure(BuildError(error))
        }
    }
}
