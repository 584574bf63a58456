import Testing
import benchmark

@Suite("Summary") struct SummaryTests {
    @Test("The median of an odd series is its middle, of an even one between the two middle values")
    func median() throws {
        #expect(try #require(Summary([9, 1, 5])).median == 5)
        #expect(try #require(Summary([4, 1, 3, 2])).median == 2.5)
        #expect(try #require(Summary([7])).median == 7)
    }

    @Test("The spread is the distance between the quartiles as a share of the median") func spread() throws {
        let summary = try #require(Summary([1, 2, 3, 4, 5]))
        #expect(summary.minimum == 1)
        #expect(summary.maximum == 5)
        #expect(summary.spread == 2.0 / 3.0)
    }

    @Test("An empty series has no summary") func empty() {
        #expect(Summary([]) == nil)
    }

    @Test("A ratio compares minima with minima and medians with medians") func ratio() throws {
        let measured = try #require(Summary([6, 8, 30]))
        let reference = try #require(Summary([2, 4, 100]))
        let ratio = try #require(Ratio(measured, to: reference))
        #expect(ratio.ofMinima == 3)
        #expect(ratio.ofMedians == 2)
        #expect(Ratio(measured, to: try #require(Summary([0, 1]))) == nil)
    }

    @Test("Numbers are written with the digits asked for") func fixed() {
        #expect(3.14159.fixed(2) == "3.14")
        #expect(0.005.fixed(3) == "0.005")
        #expect(2.0.fixed(0) == "2")
        #expect((-1.25).fixed(1) == "-1.3")
        #expect((-0.001).fixed(1) == "0.0")
    }
}
