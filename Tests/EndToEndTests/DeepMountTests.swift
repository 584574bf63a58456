import Testing

@Suite("A mount of an image of many layers", .needsRoot, .timeLimit(.minutes(10)))
struct DeepMountTests {
    @Test("shows all of them on one device, whether it can be written to or not")
    func all() throws {
        let bench = try Bench()
        try bench.importBase()
        let layers = (1...140).map { "COPY <<END /f\($0)\n\($0)\nEND\n" }.joined()
        try expectSuccess(
            try bench.build("FROM busybox\n\(layers)RUN rm /f1 && echo new >/f2\n", "-t", "deep"))
        let look = """
            test ! -e /m/f1 && test $(cat /m/f2) = new && test $(ls /m | grep -c ^f) = 139 && \
            test $(stat -c %d /m/f3 /m/f139 /m/f140 /m/bin/busybox | sort -u | wc -l) = 1
            """
        try expectSuccess(
            try bench.build(
                """
                FROM busybox
                RUN --mount=from=deep,target=/m \(look)
                RUN --mount=from=deep,target=/m,rw \(look) && echo x >/m/f3
                RUN --mount=from=deep,target=/m test $(cat /m/f3) = 3

                """))
    }
}
