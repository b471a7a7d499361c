// Part of mesosim. Apache-2.0, see LICENSE.
//
// The empirical distribution of job times, one small plot for each framework on the same axes.

import MesosMetrics

/// Small plots of which part of a framework's jobs was done within a time.
struct DistributionPlots {
  /// A plot, ready for the template.
  struct View {
    let name: String
    let plot: String
    let counts: [Count]
  }

  /// How many jobs were done under an allocator.
  struct Count {
    let key: String
    let text: String
  }

  let report: Report
  private let axis: TimeAxis

  private var runs: [MeasuredRun] { report.runs }

  init(report: Report) {
    self.report = report
    let times = report.runs.flatMap { $0.jobs.joined().compactMap(\.jobTime) }
    axis = TimeAxis(
      covering: [times.min(), times.max()].compactMap { $0.map { Double($0) / 1e9 } })
  }

  /// The plots of the frameworks of which a job finished; of others there is nothing to see.
  var views: [View] {
    guard let first = runs.first else { return [] }
    return first.result.frameworks.indices.filter { index in
      runs.contains { $0.result.frameworks[index].jobs.finished > 0 }
    }.map(view)
  }

  private func view(_ index: Int) -> View {
    let name = DisplayText.harmless(runs[0].result.frameworks[index].name)
    let counts = report.variants.map { variant in
      let jobs = runs[variant.place].result.frameworks[index].jobs
      return Count(
        key: variant.series.key,
        text: "\(NumberText.count(jobs.finished)) of \(NumberText.count(jobs.submitted)) done")
    }
    let title = report.variants.map { variant in
      "\(variant.label): \(counts[variant.index].text), half within "
        + runs[variant.place].result.frameworks[index].jobs.times.texts[1]
    }.joined(separator: "; ")
    let height = 128
    let grid =
      axis.ticks.map { SVG.gridLine(at: $0.percent, height: height) }
      + [18, 73, 128].map { SVG.level(at: $0) }
    let labels = [SVG.levelLabel("100%", at: 18), SVG.levelLabel("50%", at: 73)]
    let curves = report.variants.map { variant in
      let points = points(runs[variant.place].jobs[index])
      return SVG.curve(points, kind: variant.series.kind, top: 18, height: 110)
        + mark(variant, on: points)
    }
    return View(
      name: name,
      plot: SVG.plot(
        height: 148, title: "Job times of \(name). \(title)", label: "plot",
        grid + curves + labels + [SVG.axis(axis.ticks, at: 144)]), counts: counts)
  }

  /// Marks stand at different heights, so that curves on top of each other show all of theirs.
  private func mark(_ variant: Variant, on points: [(x: Double, y: Double)]) -> String {
    guard variant.count > 1, let top = points.last?.y else { return "" }
    let height = top * (Double(variant.index) + 0.5) / Double(variant.count)
    guard let point = points.first(where: { $0.y >= height }) else { return "" }
    return SVG.mark(variant.series, on: (point.x, height), top: 18, height: 110)
  }

  /// The steps of the distribution over all submitted jobs; unfinished ones keep it below 100%.
  private func points(_ jobs: [JobOutcome]) -> [(x: Double, y: Double)] {
    let times = jobs.compactMap(\.jobTime).sorted()
    guard !times.isEmpty else { return [] }
    let steps = min(times.count, 150)
    var points: [(x: Double, y: Double)] = []
    var height = 0.0
    for step in 1...steps {
      let rank = times.count * step / steps
      let x = axis.percent(Double(times[rank - 1]) / 1e9) * 10
      points.append((x, height))
      height = Double(rank) / Double(jobs.count) * 100
      points.append((x, height))
    }
    return points + [(1000, height)]
  }
}
