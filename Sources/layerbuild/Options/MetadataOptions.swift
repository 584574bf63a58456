import ArgumentParser
import Builder

/// What the image says about itself, as typed.
struct MetadataOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "an annotation of the manifest, or with `manifest-descriptor:` of its entry in the index",
            valueName: "[type:]name=value"))
    var annotation: [String] = []

    @Option(help: ArgumentHelp("a label of the image", valueName: "name=value"))
    var label: [String] = []

    @Option(help: ArgumentHelp("a label that is not taken over from the base", valueName: "name"))
    var unsetlabel: [String] = []

    @Option(help: ArgumentHelp("a variable that the image does not carry, though RUN sees it", valueName: "name"))
    var unsetenv: [String] = []
}
