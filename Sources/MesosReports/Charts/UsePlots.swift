// Part of mesosim. Apache-2.0, see LICENSE.
//
// Who held the cluster when: one small plot for each framework on the same axes. Of a service,
// whose jobs never end, it is the plot that tells something.

import MesosMetrics

/// Small plots of what each framework used over time.
struct UsePlots {
  /// A plot, ready for the template.
  struct View {
    let name: String
    let plot: String
    let counts: [DistributionPlots.Count]
  }

  let report: Report
  let resource: StandardResource
  private let axis: TimeAxis
  /// The part of the cluster at the top of the plots.
  private let top: Double
  /// For each framework and variant the parts of the cluster it held, from 0 to 1.
  private let steps: [[[Step]]]

  /// `nil` when no framework ever held anything.
  init?(_ report: Report) {
    guard let resource = report.scarcest else { return nil }
    let capacity = Double(report.capacity(resource))
    guard capacity > 0 else { return nil }
    self.report = report
    self.resource = resource
    axis = TimeAxis(until: report.baseline.windowSeconds ?? 1)
    steps = report.baseline.frameworks.indices.map { index in
      report.variants.map { variant in
        let series = report.runs[variant.place].frameworkSeries
        let points = index < series.count ? series[index].points : []
        return Step.means(
          points.map { ($0.start, $0.end, Double($0.used[resource]) / capacity) }, most: 120)
      }
    }
    let peak = steps.joined().joined().map(\.height).max() ?? 0
    guard peak > 0 else { return nil }
    top = min(1, TimePlots.roundUp(peak * 100) / 100)
  }

  /// What the plots show, in a sentence.
  var lead: String {
    "The part of all \(resource.rawValue) that a framework's tasks and executors held, on the same "
      + "axes for all; the figures are means over the run."
      + (report.variants.count > 1
        ? " The shaded area is \(DisplayText.harmless(report.variants[0].label))." : "")
  }

  var views: [View] {
    report.baseline.frameworks.enumerated().map { index, framework in
      let name = DisplayText.harmless(framework.name)
      let counts = report.variants.map { variant in
        let result = report.results[variant.place].frameworks[index]
        return DistributionPlots.Count(
          key: variant.series.key,
          text: NumberText.percent(result.resources[resource]?.usedMean))
      }
      let title = zip(report.variants, counts).map { "\($0.label): \($1.text) on average" }
        .joined(separator: "; ")
      return View(
        name: name, plot: plot(index, "\(resource.rawValue) used by \(name). \(title)"),
        counts: counts)
    }
  }

  private func plot(_ index: Int, _ title: String) -> String {
    let (from, height) = (18, 92)
    let grid = [from, from + height / 2, from + height].map { SVG.level(at: $0) }
    let labels = [
      SVG.levelLabel(NumberText.level(top * 100) + "%", at: from),
      SVG.levelLabel(NumberText.level(top * 50) + "%", at: from + height / 2),
    ]
    let curves = report.variants.map { variant in
      var steps = steps[index][variant.index]
      for place in steps.indices { steps[place].height *= 100 / top }
      return StepCurve(variant: variant, steps: steps).svg(top: from, height: height)
    }
    return SVG.plot(
      height: from + height + 20, title: title, label: "plot",
      grid + curves + labels + [SVG.axis(axis.ticks, at: from + height + 16)])
  }
}
