import ArgumentParser
import Testing

@testable import layerbuild

@Suite("A command's word") struct CommandNameTests {
    @Test("is the one that the command itself knows", arguments: CommandName.allCases)
    func names(name: CommandName) {
        #expect(name.command.configuration.commandName == name.rawValue)
        #expect(name.command.configuration.aliases == name.aliases)
    }

    @Test("leads to its command, and so do the other words for it") func typed() {
        #expect(CommandName(typed: "rm") == .remove)
        #expect(CommandName(typed: "load") == .import)
        #expect(CommandName(typed: "save") == .copy)
        #expect(CommandName(typed: ".") == nil)
        #expect(CommandName.typed.allSatisfy { CommandName(typed: $0) != nil })
    }
}
