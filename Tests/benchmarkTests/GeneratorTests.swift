import Testing
import benchmark

@Suite("Generators") struct GeneratorTests {
    @Test("The numbers of a seed are those that SplitMix64 is published with") func numbers() {
        var generator = SeededGenerator(seed: 1_234_567)
        #expect(
            (0..<3).map { _ in generator.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ])
    }

    @Test("Every order of three comes about as often as the others, and the same for a seed") func orders() {
        var (one, two) = (SeededGenerator(seed: 4), SeededGenerator(seed: 4))
        let orders = (0..<6000).map { _ in one.order(of: 3) }
        #expect(orders == (0..<6000).map { _ in two.order(of: 3) })
        let counts = Dictionary(grouping: orders) { $0 }.mapValues(\.count)
        #expect(counts.count == 6)
        #expect(counts.allSatisfy { (900...1100).contains($0.value) && Set($0.key) == [0, 1, 2] })
    }

    @Test("The same seed gives the same tree, another seed another one") func trees() {
        let plan = TreePlan(seed: 5, count: 500, median: 2048, total: 2_500_000)
        #expect(plan == TreePlan(seed: 5, count: 500, median: 2048, total: 2_500_000))
        #expect(plan != TreePlan(seed: 6, count: 500, median: 2048, total: 2_500_000))
    }

    @Test("A tree has the median and about the sum asked for, and no name twice") func shape() throws {
        let plan = TreePlan(seed: 3, count: 50_000, median: 2048, total: 250_000_000)
        let median = try #require(Summary(plan.entries.map { Double($0.size) })).median
        #expect((1900...2200).contains(median))
        #expect((200_000_000...300_000_000).contains(plan.total))
        #expect(Set(plan.entries.map { "\($0.folder)/\($0.name)" }).count == 50_000)
    }

    @Test("A filler repeats itself for its seed") func filler() {
        let (one, two) = (Filler(seed: 9), Filler(seed: 9))
        for texture in [Filler.Texture.text, .noise] {
            #expect(one.slice(texture, at: 77, count: 500) == two.slice(texture, at: 77, count: 500))
            #expect(one.slice(texture, at: 0, count: 500) != Filler(seed: 8).slice(texture, at: 0, count: 500))
        }
    }
}
