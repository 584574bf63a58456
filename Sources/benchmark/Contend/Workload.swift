import ArgumentParser

/// The builds, and the one container, that are measured.
package enum Workload: String, CaseIterable, Sendable, ExpressibleByArgument {
    case unchanged = "w1"
    case unchangedExported = "w1e"
    case steps = "w2"
    case files = "w3"
    case filesGzip = "w3g"
    case large = "w4"
    case largeGzip = "w4g"
    case application = "w5"
    case applicationChanged = "w5i"
    case filesUnchanged = "w6u"
    case oneChanged = "w6c"
    case deletion = "w7"
    case export = "w8"
    case base = "w9"
    case mixed = "w10"
    case stages = "w11"
    case container = "w12"
    case deepRuns = "w13"
    case deepCopies = "w13c"

    package var title: String {
        switch self {
        case .unchanged: "12 instructions, nothing changed, tarball already there"
        case .unchangedExported: "12 instructions, nothing changed, tarball written"
        case .steps: "30 × RUN touch on a base, cold, per step"
        case .files: "COPY of 50,000 files, zstd, cold, tarball written"
        case .filesGzip: "COPY of 50,000 files, gzip, cold, tarball written"
        case .large: "COPY of 1 GiB, half of it text, zstd, cold, tarball written"
        case .largeGzip: "COPY of 1 GiB, half of it text, gzip, cold, tarball written"
        case .application: "two stages: Python from packages with apt, an application that makes pages; cold"
        case .applicationChanged: "the same, one file of the application changed"
        case .filesUnchanged: "COPY of 50,000 files, nothing changed, tarball already there"
        case .oneChanged: "COPY of 50,000 files, one of them changed, tarball written"
        case .deletion: "RUN that deletes 20,000 files of a lower layer"
        case .export: "an image of 1 GiB exported again"
        case .base: "a base root file system taken in"
        case .mixed: "20 RUN and 99 COPY of a small file, cold, per step"
        case .stages: "four independent stages of RUN sleep 2"
        case .container: "a command in a container of an image of 20 layers"
        case .deepRuns: "400 × RUN touch on a base, cold, per step"
        case .deepCopies: "400 × COPY of a small file, cold, per step"
        }
    }

    /// How many layers make a deep image.
    static let depth = 400
    /// How many of its first steps the others are measured by.
    static let shallowDepth = 50

    /// By what the times of a run are divided.
    package var parts: Int {
        switch self {
        case .steps: 30
        case .mixed: 119
        case .deepRuns, .deepCopies: Self.depth
        case .unchanged, .unchangedExported, .files, .filesGzip, .large, .largeGzip, .application, .applicationChanged,
            .filesUnchanged, .oneChanged, .deletion, .export, .base, .stages, .container:
            1
        }
    }

    /// How layers are compressed.
    package var compression: String {
        switch self {
        case .filesGzip, .largeGzip: "gzip"
        case .unchanged, .unchangedExported, .steps, .files, .large, .application, .applicationChanged, .filesUnchanged,
            .oneChanged, .deletion, .export, .base, .mixed, .stages, .container, .deepRuns, .deepCopies:
            "zstd"
        }
    }

    /// True if a tarball is part of what is measured.
    package var writesTarball: Bool {
        switch self {
        case .unchanged, .unchangedExported, .files, .filesGzip, .large, .largeGzip, .filesUnchanged, .oneChanged,
            .export:
            true
        case .steps, .application, .applicationChanged, .deletion, .base, .mixed, .stages, .container, .deepRuns,
            .deepCopies:
            false
        }
    }

    /// What stands before a run: all builders get the same.
    package enum Start: Hashable, Sendable {
        /// The base and nothing else.
        case cold
        /// The same build, with its tarball.
        case built
        /// The build of another recipe, whose first instructions are the same.
        case begun
    }

    package var start: Start {
        switch self {
        case .steps, .files, .filesGzip, .large, .largeGzip, .application, .base, .mixed, .stages, .deepRuns,
            .deepCopies:
            .cold
        case .unchanged, .unchangedExported, .applicationChanged, .filesUnchanged, .oneChanged, .export, .container:
            .built
        case .deletion: .begun
        }
    }

    /// True if it builds on Debian, with apt, instead of a shell alone.
    package var needsDebian: Bool { self == .application || self == .applicationChanged }

    /// True if enough is written for the disk to count.
    package var writesMuch: Bool {
        switch self {
        case .files, .oneChanged, .large, .application, .export: true
        case .unchanged, .unchangedExported, .steps, .filesGzip, .largeGzip, .applicationChanged, .filesUnchanged,
            .deletion, .base, .mixed, .stages, .container, .deepRuns, .deepCopies:
            false
        }
    }

    /// True if the tarball that an earlier run wrote is taken away before each.
    var writesAgain: Bool { self == .export || self == .unchangedExported }
}
