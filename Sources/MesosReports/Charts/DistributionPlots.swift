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

  let runs: [MeasuredRun]
  private let axis: TimeAxis

  init(runs: [MeasuredRun]) {
    self.runs = runs
    let times = runs.flatMap { $0.jobs.joined().compactMap(\.jobTime) }
    axis = TimeAxis(
      covering: [times.min(), times.max()].compactMap { $0.map { Double($0) / 1e9 } })
  }

  /// The plots of the frameworks that had jobs.
  var views: [View] {
    guard let first = runs.first else { return [] }
    return first.result.frameworks.indices.filter { index in
      runs.contains { !$0.jobs[index].isEmpty }
    }.map(view)
  }

  private func view(_ index: Int) -> View {
    let name = DisplayText.harmless(runs[0].result.frameworks[index].name)
    let counts = runs.enumerated().map { place, run in
      let jobs = run.result.frameworks[index].jobs
      return Count(
        key: Series(place, of: runs.count).key,
        text: "\(NumberText.count(jobs.finished)) of \(NumberText.count(jobs.submitted)) done")
    }
    let title = runs.enumerated().map { place, run in
      "\(run.result.allocator): \(counts[place].text), half within "
        + DurationText.text(run.result.frameworks[index].jobs.times.p50)
    }.joined(separator: "; ")
    let height = 128
    let grid =
      axis.ticks.map { SVG.gridLine(at: $0.percent, height: height) }
      + [18, 73, 128].map { SVG.level(at: $0) }
    let labels = [SVG.levelLabel("100%", at: 18), SVG.levelLabel("50%", at: 73)]
    let curves = runs.enumerated().map { place, run in
      SVG.curve(
        points(run.jobs[index]), kind: Series(place, of: runs.count).kind, top: 18, height: 110)
    }
    return View(
      name: name,
      plot: SVG.plot(
        height: 148, title: "Job times of \(name). \(title)", label: "plot",
        grid + curves + labels + [SVG.axis(axis.ticks, at: 144)]), counts: counts)
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
