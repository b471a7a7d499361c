// Part of mesosim. Apache-2.0, see LICENSE.
//
// Pieces of SVG. Plots stretch with the page: horizontal positions are percentages, so that text
// and marks keep their size on any screen, and only curves are scaled.

/// Writes SVG elements.
enum SVG {
  /// Text that may stand anywhere in the page.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in DisplayText.harmless(text) {
      switch character {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.append(character)
      }
    }
    return result
  }

  /// A plot as wide as the page allows, with a title for those who cannot see it.
  static func plot(height: Int, title: String, label: String = "strip", _ parts: [String]) -> String
  {
    "<svg class=\"\(label)\" width=\"100%\" height=\"\(height)\" role=\"img\">"
      + "<title>\(escaped(title))</title>" + parts.joined() + "</svg>"
  }

  /// A vertical line of the grid.
  static func gridLine(at percent: Double, height: Int) -> String {
    "<line class=\"grid\" x1=\"\(text(percent))%\" x2=\"\(text(percent))%\" y1=\"0\" y2=\"\(height)\"/>"
  }

  /// A horizontal line of the grid.
  static func level(at height: Int) -> String {
    "<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"\(height)\" y2=\"\(height)\"/>"
  }

  /// What a horizontal line of the grid stands for, above its left end.
  static func levelLabel(_ label: String, at height: Int) -> String {
    "<text class=\"tick\" x=\"0\" y=\"\(height - 4)\">\(escaped(label))</text>"
  }

  /// The labels of a horizontal axis; every other one may be left out where there is no room.
  static func axis(_ ticks: [Tick], at height: Int) -> String {
    ticks.enumerated().map { index, tick in
      let anchor = tick.percent < 1 ? "start" : tick.percent > 98 ? "end" : "middle"
      let kind = index % 2 == 1 && ticks.count > 4 ? "tick odd" : "tick"
      return "<text class=\"\(kind)\" x=\"\(text(tick.percent))%\" y=\"\(height)\" "
        + "text-anchor=\"\(anchor)\">\(escaped(tick.label))</text>"
    }.joined()
  }

  /// A curve through points in a field of 1000 × 100, stretched to the width of the plot.
  static func curve(
    _ points: [(x: Double, y: Double)], kind: String, top: Int, height: Int, isFilled: Bool = false
  ) -> String {
    guard let first = points.first, let last = points.last else { return "" }
    var path = points.enumerated().map { index, point in
      (index == 0 ? "M" : "L") + text(point.x) + " " + text(100 - point.y)
    }.joined()
    if isFilled { path += "L\(text(last.x)) 100L\(text(first.x)) 100Z" }
    return "<svg x=\"0\" y=\"\(top)\" width=\"100%\" height=\"\(height)\" viewBox=\"0 0 1000 100\" "
      + "preserveAspectRatio=\"none\"><path class=\"\(isFilled ? "fill" : "curve") \(kind)\" "
      + "d=\"\(path)\"/></svg>"
  }

  /// The mark of a series on its curve, so that curves can be told apart without colours.
  static func mark(
    _ series: Series, on point: (x: Double, y: Double), top: Int, height: Int
  ) -> String {
    let y = Double(top) + Double(height) * (1 - point.y / 100)
    return series.mark(at: point.x / 10, Int(y.rounded()))
  }

  /// A number short enough for a coordinate.
  static func text(_ value: Double) -> String {
    NumberText.exact(Int64((value * 100).rounded(.toNearestOrEven)), decimals: 2)
  }
}
