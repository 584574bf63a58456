/// How a container is asked whether it is well: docker's extension of the image configuration.
package struct Healthcheck: Hashable, Sendable {
    /// `["NONE"]`, `["CMD", …]` or `["CMD-SHELL", line]`.
    package var test: [String]
    /// Nanoseconds, as are the three below; `nil` leaves the default, and so does 0, which is read as `nil`.
    package var interval: Int64?
    package var timeout: Int64?
    package var startPeriod: Int64?
    package var startInterval: Int64?
    package var retries: Int64?

    package init(
        test: [String], interval: Int64? = nil, timeout: Int64? = nil, startPeriod: Int64? = nil,
        startInterval: Int64? = nil, retries: Int64? = nil
    ) {
        self.test = test
        self.interval = interval
        self.timeout = timeout
        self.startPeriod = startPeriod
        self.startInterval = startInterval
        self.retries = retries
    }

    init(json object: JSONObject) throws(OCIError) {
        let document = "health check"
        test = try object.optional("Test", in: document, \.strings) ?? []
        interval = try object.optional("Interval", in: document, \.integer).unlessZero
        timeout = try object.optional("Timeout", in: document, \.integer).unlessZero
        startPeriod = try object.optional("StartPeriod", in: document, \.integer).unlessZero
        startInterval = try object.optional("StartInterval", in: document, \.integer).unlessZero
        retries = try object.optional("Retries", in: document, \.integer).unlessZero
    }

    var json: JSONValue {
        var object = JSONObject()
        if !test.isEmpty { object["Test"] = .strings(test) }
        let numbers = [
            ("Interval", interval), ("Timeout", timeout), ("StartPeriod", startPeriod),
            ("StartInterval", startInterval), ("Retries", retries),
        ]
        for (name, value) in numbers {
            if let value, value != 0 { object[name] = .integer(value) }
        }
        return .object(object)
    }
}

extension Int64? {
    fileprivate var unlessZero: Int64? { self == 0 ? nil : self }
}
