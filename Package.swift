// swift-tools-version: 6.2

import PackageDescription

/// `LAYERBUILD_FUZZ=1` builds everything for libFuzzer and adds the program that it drives: see `.ci/fuzz`. Any other
/// build knows nothing of it.
let isFuzzed = Context.environment["LAYERBUILD_FUZZ"] == "1"
let fuzzing: [SwiftSetting] = isFuzzed ? [.unsafeFlags(["-sanitize=fuzzer,address"])] : []

/// What every Swift target is compiled with: the language's strict mode, and no warning survives.
let strict: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
        // Metadata of a type such as `[Digest: FilePath]` is asked for with the conformances that it needs, which the
        // compiler knows, and not by its name, by which the runtime would look for them in each start.
        .unsafeFlags(["-Xfrontend", "-disable-concrete-type-metadata-mangled-name-accessors"]),
    ] + fuzzing

/// What every C target is compiled with.
let strictC: [CSetting] = [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]

let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")

/// One of our Swift libraries. The order below is the order of the floors; `Tests/ArchitectureTests` keeps it.
///
/// `parts` are archives of which the few objects that are used become part of the program: a shared library costs every
/// start more than that, however little of it is used.
func room(_ name: String, _ dependencies: [Target.Dependency], parts: [String] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, swiftSettings: strict,
        linkerSettings: parts.map { .linkedLibrary(":\($0).a") })
}

/// The headers of a C library that is not linked as such: see `parts` above, or it is loaded when it is needed.
func headers(_ name: String, apt: String) -> Target {
    .systemLibrary(name: name, providers: [.apt([apt])])
}

func tests(of name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies + ["TestSupport", system],
        exclude: name == "Frontend"
            ? ["Fixtures"] : name == "EndToEnd" ? ["complete.py", "oracles.sh", "server.py"] : [],
        swiftSettings: strict)
}

/// Hostile input for everything that reads some; on the top floor, beside the command.
let fuzzer: [Target] = [
    .systemLibrary(name: "CFuzzer"),
    .executableTarget(
        name: "fuzz", dependencies: ["CFuzzer", "OCI", "Linux", "Frontend", "Layers", system], swiftSettings: strict,
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
]

let package = Package(
    name: "layerbuild",
    products: [
        .executable(name: "layerbuild", targets: ["layerbuild"]),
        .executable(name: "layerbuild-benchmark", targets: ["benchmark"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        // Floor 0: words and the kernel
        .target(name: "CCrypto", cSettings: strictC),
        headers("CSeccomp", apt: "libseccomp-dev"),
        .target(name: "CLinux", cSettings: strictC),
        room("OCI", ["CCrypto", system], parts: ["libcrypto"]),
        room("Linux", ["CLinux", "CSeccomp", system], parts: ["libseccomp"]),

        // Floor 1: neighbours that do not know each other
        headers("CArchive", apt: "libarchive-dev"),
        headers("CZstd", apt: "libzstd-dev"),
        headers("CIsal", apt: "libisal-dev"),
        // Headers alone: the library is opened by whoever makes the first request.
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        room("Frontend", ["OCI"]),
        room("Layers", ["OCI", "Linux", "CArchive", "CZstd", "CIsal", system], parts: ["libzstd"]),
        room("Store", ["OCI", "Linux", system]),
        room("Registry", ["OCI", "Linux", "CCurl", system]),

        // Floor 2: the engine
        room("Builder", ["OCI", "Linux", "Frontend", "Layers", "Store", "Registry", system]),

        // Floor 3: the command
        .executableTarget(
            name: "layerbuild",
            dependencies: [
                "OCI", "Linux", "Frontend", "Store", "Builder", system,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            exclude: ["Linking"], swiftSettings: strict,
            // The C++ library that Swift's runtime needs becomes part of the program too, and no symbol is for others.
            // The linker is the one of Swift's toolchain: it writes the 52,000 places that each start has to mend as a
            // map of 10 KB instead of a list of 1.2 MB.
            linkerSettings: [
                .unsafeFlags([
                    "-L\(Context.packageDirectory)/Sources/layerbuild/Linking", "-Xclang-linker", "-static-libgcc",
                    "-Xlinker", "--no-export-dynamic", "-use-ld=lld", "-Xlinker", "-z", "-Xlinker",
                    "pack-relative-relocs",
                ])
            ]),
        .executableTarget(
            name: "benchmark",
            dependencies: [
                "OCI", "Linux", system, .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        .target(
            name: "TestSupport", dependencies: ["Linux", system], path: "Tests/TestSupport",
            exclude: ["server.py"], swiftSettings: strict),
        tests(of: "OCI", ["OCI"]),
        tests(of: "Linux", ["Linux"]),
        tests(of: "Frontend", ["Frontend", "OCI"]),
        tests(of: "Layers", ["Layers", "OCI", "Linux"]),
        tests(of: "Store", ["Store", "OCI", "Linux"]),
        tests(of: "Registry", ["Registry", "OCI", "Linux"]),
        tests(of: "Builder", ["Builder", "Frontend", "Layers", "Store", "Registry", "OCI", "Linux"]),
        tests(of: "layerbuild", ["layerbuild", "Builder", "Frontend", "Store", "OCI"]),
        tests(of: "benchmark", ["benchmark"]),
        tests(of: "Architecture", []),
        tests(of: "EndToEnd", ["OCI", "Linux"]),
    ] + (isFuzzed ? fuzzer : [])
)
