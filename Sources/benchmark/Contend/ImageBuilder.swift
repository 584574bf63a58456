package import SystemPackage

/// A program that builds images: layerbuild, or another one.
package protocol ImageBuilder: Sendable {
    var name: String { get }
    var role: Contender.Role { get }

    /// The folder in which it keeps its images.
    var images: FilePath { get }

    /// Removes all images the program has.
    var reset: Command { get }

    /// Builds a recipe under a name.
    func build(_ recipe: FilePath, _ context: FilePath, tag: String, compression: String, tarball: FilePath?) -> Command
}

extension ImageBuilder {
    /// How this builder takes part in a workload.
    package func contender(in workload: Workload, _ place: Place) -> Contender {
        let isAsked = workload.writesTarball && (role == .subject || workload != .unchanged)
        // Others write the tarball of an unchanged build again; without it they do no more than we do.
        let tarball = isAsked ? place.own(name + ".tar") : nil
        let timed = build(
            place.recipe, place.context, tag: "localhost/bench:1", compression: workload.compression, tarball: tarball)
        let cold = [
            reset,
            build(
                place.baseContext.appending("Recipe"), place.baseContext, tag: Workload.baseName, compression: "zstd",
                tarball: nil),
        ]
        var contender = Contender(name, role, timed)
        contender.output = tarball
        let removal = tarball.map { [Command(["rm", "-f", $0.string])] } ?? []
        switch workload.start {
        case .cold: contender.before = cold + removal
        case .built: contender.once = cold + [timed]
        case .begun:
            contender.before =
                cold + [
                    build(
                        place.begun, place.context, tag: "localhost/begun:1", compression: workload.compression,
                        tarball: nil)
                ]
        }
        if workload.writesAgain { contender.before = removal + reading(for: workload) }
        if let change = workload.change(in: place) { contender.before = [change] }
        // What one contender leaves on the disk is not to be there when the next one writes.
        if workload.start == .cold { contender.after = [reset] + removal }
        return contender
    }

    /// Reads what an image is made of, where it is copied: the kernel may have dropped a part of it since the last round,
    /// and plain tools find theirs in memory.
    func reading(for workload: Workload) -> [Command] {
        guard workload == .export else { return [] }
        return [.shell("find \(images.string.quoted) -type f -size +1M -exec cat {} + >/dev/null")]
    }
}

extension Workload {
    /// Makes one file of the context a little longer; `nil` where nothing changes between two runs.
    package func change(in place: Place) -> Command? {
        let file: String
        switch self {
        case .oneChanged: file = "tree/d0/e0/file7.txt"
        case .applicationChanged: file = "app/words.txt"
        case .unchanged, .unchangedExported, .steps, .files, .filesGzip, .large, .largeGzip, .application,
            .filesUnchanged, .deletion, .export, .base, .mixed, .stages, .container, .deepRuns, .deepCopies:
            return nil
        }
        return .shell("echo changed >> \(place.context.appending(FilePath(file).components).string.quoted)")
    }
}
