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
