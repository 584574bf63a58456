/// A queue between two threads, or more, that holds so many elements at most.
///
/// Who puts waits while it is full, who takes waits while it is empty, and neither waits once it is closed.
///
/// Unchecked, since the monitor that guards every variable is the kernel's: `Mutex` knows no waiting for a change.
package final class BoundedQueue<Element: ~Copyable & Sendable>: @unchecked Sendable {
    private let monitor = Monitor()
    private let capacity: Int
    /// A ring: `count` elements from `first` on.
    private let slots: UnsafeMutablePointer<Element>
    private var first = 0
    private var count = 0
    private var isClosed = false

    /// `capacity` of at least one.
    package init(capacity: Int) {
        self.capacity = max(capacity, 1)
        slots = .allocate(capacity: self.capacity)
    }

    deinit {
        while let element = removeFirst() { _ = consume element }
        slots.deallocate()
    }

    /// Adds an element at the end; false, and the element is gone, if the queue is closed.
    @discardableResult
    package func put(_ element: consuming Element) -> Bool {
        var pending: Element? = element
        return monitor.locked {
            while count == capacity, !isClosed { monitor.wait() }
            guard !isClosed, let element = pending.take() else { return false }
            (slots + (first + count) % capacity).initialize(to: element)
            count += 1
            monitor.wakeAll()
            return true
        }
    }

    /// The next element, or `nil` if the queue is closed and nothing is left in it.
    package func take() -> Element? {
        monitor.locked {
            while count == 0, !isClosed { monitor.wait() }
            monitor.wakeAll()
            return removeFirst()
        }
    }

    /// The next element, or `nil` if there is none at the moment.
    package func takeAtOnce() -> Element? {
        monitor.locked {
            monitor.wakeAll()
            return removeFirst()
        }
    }

    /// Ends the queue. What is in it can still be taken.
    package func close() {
        monitor.locked {
            isClosed = true
            monitor.wakeAll()
        }
    }

    private func removeFirst() -> Element? {
        guard count > 0 else { return nil }
        let element = (slots + first).move()
        first = (first + 1) % capacity
        count -= 1
        return element
    }
}
