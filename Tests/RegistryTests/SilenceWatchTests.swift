import Testing

@testable import Registry

@Suite("Silence while a body is sent") struct SilenceWatchTests {
    private let start = ContinuousClock.now

    /// What a watch over a body of 100 bytes, with 20 seconds of silence, says to so many bytes sent after so many
    /// seconds.
    private func verdicts(patience: Int, _ states: (sent: Int64, seconds: Int)...) throws -> [Bool] {
        var request = HTTPRequest(.put, try #require(URL("https://r.example/")), body: .stream(count: 100))
        request.patience = patience
        var watch = SilenceWatch(request, silence: 20)
        return states.map { state in
            watch.allows(received: 0, sent: state.sent, at: start.advanced(by: .seconds(state.seconds)))
        }
    }

    @Test("It ends the transfer after the usual time, and every byte begins it anew") func silence() throws {
        #expect(
            try verdicts(patience: 300, (0, 0), (0, 19), (99, 20), (99, 39), (99, 40))
                == [true, true, true, true, false])
    }

    @Test("Once the body is there, or where no answer takes longer, it is for others to judge") func notOurs() throws {
        #expect(try verdicts(patience: 300, (100, 0), (100, 299)) == [true, true])
        #expect(try verdicts(patience: 0, (0, 0), (0, 99)) == [true, true])
    }
}
