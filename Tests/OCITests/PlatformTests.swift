import OCI
import Testing

@Suite("Platform") struct PlatformTests {
    @Test(
        "Platforms are read under all their names",
        arguments: [
            ("linux/amd64", "linux/amd64"), ("LINUX/AMD64", "linux/amd64"), ("linux/x86_64", "linux/amd64"),
            ("x86-64", "linux/amd64"), ("amd64", "linux/amd64"), ("linux/amd64/v1", "linux/amd64"),
            ("linux/amd64/v3", "linux/amd64/v3"), ("aarch64", "linux/arm64"), ("linux/arm64/v8", "linux/arm64"),
            ("linux/arm64/8", "linux/arm64"), ("linux/arm64/v9", "linux/arm64/v9"),
            ("linux/arm64/9.0", "linux/arm64/v9"), ("linux/arm64/v8.0", "linux/arm64"), ("s390x", "linux/s390x"),
            ("nowhere/none", "nowhere/none"), ("arm", "linux/arm/v7"),
            ("linux/arm/v6", "linux/arm/v6"), ("linux/arm/7", "linux/arm/v7"), ("linux/arm/5", "linux/arm/v5"),
            ("armhf", "linux/arm/v7"), ("armel", "linux/arm/v6"), ("i386", "linux/386"), ("linux/i686", "linux/386"),
            ("macos/arm64", "darwin/arm64"), ("linux/riscv64", "linux/riscv64"), ("windows/amd64", "windows/amd64"),
        ])
    func reading(text: String, platform: String) { #expect(Platform(text)?.description == platform) }

    @Test("A system alone means this machine's architecture")
    func system() { #expect(Platform("linux") == Platform.host) }

    @Test(
        "What is no platform is refused",
        arguments: [
            "", "/", "linux/", "/amd64", "linux//v8", "a/b/c/d", "linux/amd 64",
            "linux/am\u{F6}", "lin:ux/a", "nowhere", "amd65",
        ])
    func refused(text: String) { #expect(Platform(text) == nil) }

    @Test(
        "An image is accepted where it runs",
        arguments: [
            ("linux/amd64", "linux/amd64", true), ("linux/amd64", "linux/arm64", false),
            ("linux/amd64", "windows/amd64", false), ("linux/arm64", "linux/arm64/v8", true),
            ("linux/arm/v7", "linux/arm/v7", true), ("linux/arm/v7", "linux/arm/v6", false),
            ("linux/arm/v6", "linux/arm/v7", false),
        ])
    func accepting(mine: String, image: String, accepted: Bool) throws {
        #expect(try #require(Platform(mine)).accepts(#require(Platform(image))) == accepted)
    }

    @Test("The spelling of an image's own platform does not matter")
    func spelling() throws {
        let arm = try #require(Platform("linux/arm/v7"))
        #expect(arm.accepts(Platform(os: "linux", architecture: "arm")))
        #expect(try #require(Platform("arm64")).accepts(Platform(os: "linux", architecture: "aarch64", variant: "v8")))
    }
}
