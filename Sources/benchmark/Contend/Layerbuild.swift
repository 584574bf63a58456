package import SystemPackage

/// The program this is all about.
package struct Layerbuild: ImageBuilder {
    package let name = "layerbuild"
    package let role = Contender.Role.subject
    package let program: FilePath
    package let store: FilePath

    package init(program: FilePath, store: FilePath) {
        self.program = program
        self.store = store
    }

    package var images: FilePath { store }
    package var reset: Command { Command(["rm", "-rf", store.string]) }

    package func build(
        _ recipe: FilePath, _ context: FilePath, tag: String, compression: String, tarball: FilePath?
    ) -> Command {
        command(
            [
                "build", "-f", recipe.string, "-t", tag, "--compression", compression, "-o",
                tarball?.string ?? "type=none", context.string,
            ])
    }

    /// Takes in a root file system, with nothing else in the store.
    package func importing(_ tarball: FilePath) -> Contender {
        var contender = Contender(name, role, command(["import", "-t", Workload.baseName, tarball.string]))
        contender.before = [reset]
        contender.after = [reset]
        return contender
    }

    /// Runs a command that does nothing in an image that is built before, whose layers are unpacked.
    package func running(_ workload: Workload, _ place: Place) -> Contender {
        let built = contender(in: workload, place).once
        var contender = Contender(name, role, command(["run", "localhost/bench:1", "true"]))
        contender.once = built + [contender.timed]
        return contender
    }

    /// Builds without waiting for the disk: with `--no-sync`, and without a name in the store, which is waited for.
    /// What a build that is not cold begins with is made by ``contender(in:_:)``.
    package func unsynced(_ workload: Workload, _ place: Place) -> Contender {
        let whole = contender(in: workload, place)
        let tarball = workload.writesTarball ? place.own("unsynced.tar") : nil
        let timed = command([
            "build", "-f", place.recipe.string, "--compression", workload.compression, "--no-sync", "-o",
            tarball?.string ?? "type=none", place.context.string,
        ])
        var contender = Contender("\(name) --no-sync, no name", role, timed)
        contender.output = tarball
        let removal = tarball.map { [Command(["rm", "-f", $0.string])] } ?? []
        switch workload.start {
        case .cold:
            contender.before = whole.before + removal
            contender.after = whole.after + removal
        case .built, .begun:
            contender.once = [timed]
            contender.before =
                workload.writesAgain ? removal + reading(for: workload) : workload.change(in: place).map { [$0] } ?? []
        }
        return contender
    }

    /// Builds over a base that an earlier build has unpacked, as plain tools find it.
    package func unpacked(_ workload: Workload, _ place: Place) -> Contender {
        let whole = contender(in: workload, place)
        let unpacking = build(
            place.begun, place.context, tag: "localhost/begun:1", compression: workload.compression, tarball: nil)
        var contender = Contender("\(name), base unpacked", role, whole.timed)
        contender.before = whole.before + [unpacking]
        contender.after = whole.after
        return contender
    }

    /// Builds the first steps of a deep recipe, whose cost is what each of the others is measured by.
    package func shallow(_ workload: Workload, _ place: Place) -> Contender {
        let whole = contender(in: workload, place)
        var contender = Contender(
            "the first \(Workload.shallowDepth) of them", .limit,
            build(place.begun, place.context, tag: "localhost/begun:1", compression: workload.compression, tarball: nil)
        )
        contender.parts = Workload.shallowDepth
        contender.before = whole.before
        contender.after = whole.after
        return contender
    }

    private func command(_ arguments: [String]) -> Command {
        Command([program.string] + arguments, environment: ["LAYERBUILD_ROOT=\(store)"])
    }
}
