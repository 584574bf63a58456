/// A rectangle on a drawing, in its units, from the upper left corner.
struct Rectangle: Hashable, Sendable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    var area: Double { width * height }

    /// The same, smaller by a margin on every side; empty rather than negative.
    func inset(_ margin: Double, top: Double = 0) -> Rectangle {
        Rectangle(
            x: x + margin, y: y + margin + top, width: max(0, width - 2 * margin),
            height: max(0, height - 2 * margin - top))
    }
}

/// Divides a rectangle into parts of given sizes, each as near to a square as can be (Bruls, Huizing, van Wijk:
/// "Squarified Treemaps").
enum Treemap {
    /// One part for each size, in their order. The sizes are positive and fall.
    static func parts(_ sizes: [Double], of whole: Rectangle) -> [Rectangle] {
        let total = sizes.reduce(0, +)
        guard total > 0, whole.area > 0 else {
            return sizes.map { _ in Rectangle(x: whole.x, y: whole.y, width: 0, height: 0) }
        }
        let scale = whole.area / total
        var (rest, parts) = (whole, [Rectangle]())
        var row: [Double] = []
        for size in sizes.map({ $0 * scale }) {
            let side = min(rest.width, rest.height)
            if !row.isEmpty, worst(row + [size], side) > worst(row, side) {
                parts += lay(row, in: &rest)
                row = []
            }
            row.append(size)
        }
        return parts + lay(row, in: &rest)
    }

    /// How far the most oblong part of a row is from a square.
    private static func worst(_ row: [Double], _ side: Double) -> Double {
        let sum = row.reduce(0, +)
        guard sum > 0, side > 0, let largest = row.max(), let smallest = row.min(), smallest > 0 else {
            return .infinity
        }
        return max(side * side * largest / (sum * sum), sum * sum / (side * side * smallest))
    }

    /// Lays a row along the shorter side, and takes its room away from the rest.
    private static func lay(_ row: [Double], in rest: inout Rectangle) -> [Rectangle] {
        let sum = row.reduce(0, +)
        let isWide = rest.width >= rest.height
        let side = isWide ? rest.height : rest.width
        guard sum > 0, side > 0 else { return row.map { _ in Rectangle(x: rest.x, y: rest.y, width: 0, height: 0) } }
        let depth = sum / side
        var offset = 0.0
        let parts = row.map { size in
            let length = size / depth
            defer { offset += length }
            return isWide
                ? Rectangle(x: rest.x, y: rest.y + offset, width: depth, height: length)
                : Rectangle(x: rest.x + offset, y: rest.y, width: length, height: depth)
        }
        if isWide {
            rest.x += depth
            rest.width = max(0, rest.width - depth)
        } else {
            rest.y += depth
            rest.height = max(0, rest.height - depth)
        }
        return parts
    }
}
