import ArgumentParser
import Frontend
import OCI
import Testing

@testable import Builder
@testable import layerbuild

@Suite("What is done instead of building")
struct CheckOptionTests {
    @Test(
        "is what the flags say",
        arguments: [
            ([], RecipeCall.build), (["--check"], .check(.text)), (["--call", "check"], .check(.text)),
            (["--call=check,format=json"], .check(.json)), (["--call=lint,format=sarif"], .check(.sarif)),
            (["--call=outline"], .outline(.text)), (["--call=targets,format=json"], .targets(.json)),
            (["--call=build"], .build), (["--check", "--call=check,format=json"], .check(.json)),
        ])
    func calls(_ arguments: [String], _ call: RecipeCall) throws {
        #expect(try BuildOptions.parse(arguments).recipeCall() == call)
    }

    @Test(
        "that cannot be meant is refused",
        arguments: [
            (["--call=chek"], "does not take `chek`"), (["--call=check,form=json"], "no option `form=json`"),
            (["--call=check,format=xml"], "xml"), (["--check", "--call=outline"], "exclude each other"),
        ])
    func refused(_ arguments: [String], _ message: String) throws {
        let options = try BuildOptions.parse(arguments)
        let failure = try #require(failure { _ = try options.recipeCall() })
        #expect(failure.exitCode == .usage && failure.diagnostic.message.contains(message), "\(failure)")
    }
}
