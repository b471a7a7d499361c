// Part of mesosim. Apache-2.0, see LICENSE.
//
// What was used, and what was waited for, over time: every run on the same axes.

import MesosMetrics
import VirtualTime

/// Plots of the cluster's levels over time.
struct TimePlots {
  /// A plot, ready for the template.
  struct View {
    let heading: String
    let plot: String
  }

  let report: Report
  private let axis: TimeAxis
  private let height = 120

  init(report: Report) {
    self.report = report
    axis = TimeAxis(until: report.baseline.windowSeconds ?? 1)
  }

  /// Utilization of each resource, the scarcest first, and the waiting demand for that.
  var views: [View] {
    guard let scarcest = report.scarcest else { return [] }
    let others = report.baseline.utilization.resources.filter { $0 != scarcest }
    return [utilization(scarcest)] + waiting(scarcest) + others.map(utilization)
  }

  private func utilization(_ resource: StandardResource) -> View {
    let used = report.variants.map { variant in
      let mean = report.results[variant.place].utilization[resource]?.usedMean
      return "\(variant.label): \(NumberText.percent(mean)) on average"
    }.joined(separator: "; ")
    return view(
      "\(resource.rawValue) used", title: "\(resource.rawValue) used over time. \(used)",
      top: "100%", middle: "50%"
    ) { point in
      let capacity = point.capacity[resource]
      return capacity > 0 ? Double(point.used[resource]) / Double(capacity) * 100 : 0
    }
  }

  private func waiting(_ resource: StandardResource) -> [View] {
    func level(_ point: LevelPoint) -> Double { Double(point.waiting[resource]) / 1000 }
    let peak = report.runs.flatMap { steps($0.series, level) }.map(\.height).max() ?? 0
    guard peak > 0 else { return [] }
    let top = TimePlots.roundUp(peak)
    let unit = resource == .mem || resource == .disk ? "MB" : resource.rawValue
    return [
      view(
        "\(resource.rawValue) that runnable tasks waited for",
        title: "Waiting demand for \(resource.rawValue) over time; at most "
          + "\(NumberText.fixed(peak, 1)) \(unit)",
        top: "\(NumberText.level(top)) \(unit)", middle: NumberText.level(top / 2)
      ) { level($0) / top * 100 }
    ]
  }

  private func view(
    _ heading: String, title: String, top: String, middle: String, _ level: (LevelPoint) -> Double
  ) -> View {
    let grid = [18, 18 + height / 2, 18 + height].map { SVG.level(at: $0) }
    let labels = [SVG.levelLabel(top, at: 18), SVG.levelLabel(middle, at: 18 + height / 2)]
    let curves = report.variants.map { variant in
      let steps = steps(report.runs[variant.place].series, level)
      return StepCurve(variant: variant, steps: steps).svg(top: 18, height: height)
    }
    return View(
      heading: heading,
      plot: SVG.plot(
        height: height + 38, title: title, label: "plot",
        grid + curves + labels + [SVG.axis(axis.ticks, at: height + 34)]))
  }

  private func steps(_ series: LevelSeries, _ level: (LevelPoint) -> Double) -> [Step] {
    Step.means(series.points.map { ($0.start, $0.end, level($0)) }, most: TimePlots.stepsMax)
  }

  private static let stepsMax = 240

  /// How many buckets make a step.
  private static func group(_ series: LevelSeries) -> Int {
    (series.points.count + stepsMax - 1) / stepsMax
  }

  /// How long a step is, in seconds.
  static func stepSeconds(_ series: LevelSeries) -> Double {
    series.bucketWidth.inSeconds * Double(max(1, group(series)))
  }

  /// The next of 1, 2, 4 or 6 times a power of ten.
  static func roundUp(_ value: Double) -> Double {
    var power = 0.001
    while power * 10 < value { power *= 10 }
    return [1.0, 2, 4, 6, 10].map { $0 * power }.first { $0 >= value } ?? power * 10
  }
}
