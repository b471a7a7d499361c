// Part of mesosim. Apache-2.0, see LICENSE.
//
// Where the capacity of the scarcest resource went, as one bar for each allocator.

import MesosMetrics

/// Bars that split the capacity into used, offered, blocked and not wanted.
struct CapacityBars {
  /// A bar and its figures, ready for the template.
  struct View {
    let key: String
    let allocator: String
    let bar: String
    let used: String
    let offered: String
    let blocked: String
    let noDemand: String
    let demandMet: String
  }

  let report: Report
  let resource: StandardResource

  var views: [View] {
    report.variants.compactMap { variant in
      let result = report.results[variant.place]
      guard let use = result.utilization[resource] else { return nil }
      return View(
        key: variant.series.key, allocator: DisplayText.harmless(variant.label),
        bar: bar(use, of: variant.label),
        used: NumberText.percent(use.usedMean), offered: NumberText.percent(use.offeredMean),
        blocked: NumberText.percent(use.blockedMean),
        noDemand: NumberText.percent(use.noDemandMean),
        demandMet: NumberText.percent(use.demandUtilization))
    }
  }

  private func bar(_ use: UtilizationResult, of allocator: String) -> String {
    let parts = [
      ("used", use.usedMean), ("offered", use.offeredMean), ("blocked", use.blockedMean),
      ("unwanted", use.noDemandMean),
    ].map { ($0.0, ($0.1 ?? 0) * 100) }
    let title = parts.map { "\($0.0) \(NumberText.fixed($0.1, 1))%" }.joined(separator: ", ")
    var left = 0.0
    let segments = parts.map { kind, width -> String in
      defer { left += width }
      guard width > 0 else { return "" }
      let label =
        width < 9
        ? ""
        : "<text x=\"\(SVG.text(left + width / 2))%\" y=\"19\" class=\"part \(kind)\">"
          + "\(NumberText.fixed(width, 0))%</text>"
      return "<rect class=\"part \(kind)\" x=\"\(SVG.text(left))%\" y=\"2\" "
        + "width=\"\(SVG.text(width))%\" height=\"24\"/>" + label
    }
    return SVG.plot(
      height: 28, title: "\(resource.rawValue) under \(allocator): \(title)", segments)
  }
}
