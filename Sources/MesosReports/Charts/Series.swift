// Part of mesosim. Apache-2.0, see LICENSE.
//
// How twelve allocators stay apart in one picture: by colour, by the shape of the mark and by the
// dashes of the curve, each of which is enough alone.

/// The looks of an allocator: a colour with dashes and, for those who see colours differently, a
/// shape.
struct Series {
  /// The number of the look; 0 is the quiet one of the baseline.
  let number: Int

  /// The look of what stands at some place; what stands alone is no baseline.
  init(_ place: Int, of count: Int) {
    number = count == 1 ? 1 : place == 0 ? 0 : (place - 1) % (Series.shapes.count - 1) + 1
  }

  /// The class of the page's style.
  var kind: String { "s\(number)" }

  /// Marks with their centre at the origin; those with a second outline in it are hollow.
  private static let shapes = [
    // Circle, diamond, square, triangle up, triangle down, plus.
    "M0-4.6A4.6 4.6 0 1 0 0 4.6A4.6 4.6 0 1 0 0-4.6Z",
    "M0-5.8L5.8 0L0 5.8L-5.8 0Z",
    "M-4.4-4.4H4.4V4.4H-4.4Z",
    "M0-5.4L5.2 4.2H-5.2Z",
    "M0 5.4L5.2-4.2H-5.2Z",
    "M-5-1.7H-1.7V-5H1.7V-1.7H5V1.7H1.7V5H-1.7V1.7H-5Z",
    // Cross, triangle left, triangle right, ring, hollow square, hollow diamond.
    "M-2.4-4.8L0-2.4L2.4-4.8L4.8-2.4L2.4 0L4.8 2.4L2.4 4.8L0 2.4L-2.4 4.8L-4.8 2.4L-2.4 0L-4.8-2.4Z",
    "M-5.4 0L4.2-5.2V5.2Z",
    "M5.4 0L-4.2-5.2V5.2Z",
    "M0-5A5 5 0 1 0 0 5A5 5 0 1 0 0-5ZM0-2.2A2.2 2.2 0 1 0 0 2.2A2.2 2.2 0 1 0 0-2.2Z",
    "M-4.8-4.8H4.8V4.8H-4.8ZM-2-2H2V2H-2Z",
    "M0-6.2L6.2 0L0 6.2L-6.2 0ZM0-2.6L2.6 0L0 2.6L-2.6 0Z",
  ]

  private var path: String {
    "<path class=\"mark \(kind)\" fill-rule=\"evenodd\" d=\"\(Series.shapes[number])\"/>"
  }

  /// The mark at a place of a plot.
  func mark(at percent: Double, _ height: Int) -> String {
    "<svg x=\"\(SVG.text(percent))%\" y=\"\(height)\" class=\"place\">\(path)</svg>"
  }

  /// The mark alone, for legends.
  var key: String {
    "<svg class=\"key\" width=\"14\" height=\"14\" viewBox=\"-7 -7 14 14\" aria-hidden=\"true\">"
      + path + "</svg>"
  }
}
