extension Array {
    func mapOnThreads<Value: Sendable, Failure: Error>(
        _ threads: Int, _ body: (Element) throws(Failure) -> Value
    ) throws(Failure) -> [Value] {
        var results: [Value] = []
        for element in self { results.append(try body(element)) }
        return results
    }
}
