import Builder
import Frontend

/// What the steps of a build are called.
struct StepTitles: Sendable {
    private var headings: [StepID: StepHeading] = [:]

    mutating func take(_ headings: [StepHeading]) {
        for heading in headings { self.headings[heading.id] = heading }
    }

    /// `[build 2/4] RUN make`
    subscript(step: StepID) -> String {
        guard let heading = headings[step] else { return "step \(step.index)" }
        let text = PrintableLine(Array(heading.text.utf8)).text
        return "[\(heading.place.title)] \(text)"
    }
}

extension Step.Place {
    /// `build 2/4`, or `linux/arm64 build 2/4` where platforms have to be told apart.
    var title: String { (platform.map { "\($0) " } ?? "") + "\(stage) \(number)/\(count)" }
}
