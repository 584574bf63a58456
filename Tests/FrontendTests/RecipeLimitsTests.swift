import Testing

@testable import Frontend

@Suite("Recipes of any kind")
struct RecipeLimitsTests {
    @Test("are read or refused, and never left unread", arguments: 0..<20)
    func mutations(seed: Int) throws {
        let seeds = try GoldenFolder.cases(in: "valid").map { try GoldenFolder.bytes("valid/\($0)/Recipe") }
        let pieces = [
            "<<EOF", "\nEOF\n", "${A:-", "}", "\\\n", "`", "\"", "'", "--mount=type=cache,target=/x,", "--", "ONBUILD ",
            "[", "]", "é", "\r\n", "#", "# escape=`\n", "$", "${A//a/$0}", "${P%%:*}", "size=", "\0", "\u{2028}", ",",
        ].map { Array($0.utf8) }
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        func random(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % max(count, 1)
        }
        for _ in 0..<150 {
            var bytes = seeds[random(seeds.count)]
            for _ in 0...random(5) {
                let place = random(bytes.count)
                switch random(4) {
                case 0: bytes.removeSubrange(place..<min(bytes.count, place + random(30)))
                case 1: bytes.insert(UInt8(random(256)), at: place)
                default: bytes.insert(contentsOf: pieces[random(pieces.count)], at: place)
                }
            }
            let source = RecipeSource(name: "Recipe", bytes: bytes)
            do {
                let recipe = try RecipeFile.parse(source)
                #expect(!InstructionPrinter(source: source).print(recipe).isEmpty)
                #expect(recipe.instructions.allSatisfy { $0.span.end <= bytes.count })
            } catch {
                #expect(!DiagnosticRenderer().render(error, in: source).isEmpty)
            }
        }
    }

    @Test("may have lines of any length, up to the size of a recipe")
    func longLines() throws {
        let words = String(repeating: "a ", count: 50_000)
        let recipe = try RecipeFile.parse(RecipeSource(name: "Recipe", text: "FROM x\nRUN \(words)\nCOPY \(words)/\n"))
        #expect(recipe.instructions.count == 3)
        let huge = RecipeSource(name: "Recipe", bytes: Array(repeating: 0x23, count: RecipeSource.maximumSize + 1))
        #expect(throws: Diagnostic.self) { try RecipeFile.parse(huge) }
    }

    @Test("may come from a base image as triggers")
    func triggers() throws {
        let copy = try InstructionParser.parseTrigger(RecipeSource(name: "trigger", text: "COPY <<-E /x\n\ta\n\tE"))
        guard case .copy(let payload) = copy.instruction, case .document(let heredoc) = payload.sources[0] else {
            return #expect(Bool(false))
        }
        #expect(heredoc.content == "a\n")
        for text in ["", "# x", "RUN a\nRUN b", "FROM x", "NONSENSE"] {
            #expect(throws: Diagnostic.self) {
                try InstructionParser.parseTrigger(RecipeSource(name: "trigger", text: text))
            }
        }
    }

    @Test("round trip through ONBUILD", arguments: ["RUN a b", "COPY <<E x <<'F' /d\n$a\nE\nb\nF", "ENV a=\"b c\""])
    func onbuild(text: String) throws {
        let recipe = try RecipeFile.parse(RecipeSource(name: "Recipe", text: "FROM x\nONBUILD \(text)\n"))
        guard case .onbuild(let trigger)? = recipe.instructions.last?.instruction else { return #expect(Bool(false)) }
        #expect(trigger.text == text)
        let parsed = try InstructionParser.parseTrigger(RecipeSource(name: "trigger", text: trigger.text))
        #expect(parsed.typedKeyword.value == trigger.keyword.value)
        #expect(parsed.span.end == text.utf8.count)
    }
}
