import ArgumentParser
import OCI

/// Whether a command answers people or programs.
struct JSONOption: ParsableArguments {
    @Flag(help: "write JSON, whose keys stay as they are from version to version")
    var json = false

    /// Says one of both on standard output.
    func tell(_ text: @autoclosure () -> String, or value: @autoclosure () -> JSONValue) throws(Failure) {
        try Console.output.tell(json ? IndentedJSON(value()).text : text())
    }
}
