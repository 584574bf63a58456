/// What a build came to.
package struct BuildReport: Sendable {
    package let image: BuiltImage
    package let outputs: [WrittenOutput]
    package let steps: Int
    package let seconds: Double
}
