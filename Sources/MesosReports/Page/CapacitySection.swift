// Part of mesosim. Apache-2.0, see LICENSE.
//
// What utilization can and cannot tell about this workload, in words made from the numbers.

import MesosMetrics

/// The section on where the capacity of the scarcest resource went.
struct CapacitySection {
  let heading: String
  let paragraphs: [String]
  let resource: String
  let bars: [CapacityBars.View]

  /// Utilization that differs by less than this part of the capacity "shows little".
  private static let little = 0.05

  /// `nil` when the cluster had no capacity.
  init?(_ report: Report) {
    guard let resource = report.scarcest else { return nil }
    self.resource = resource.rawValue
    bars = CapacityBars(report: report, resource: resource).views
    guard !report.baseline.frameworks.isEmpty else {
      heading = "Where the capacity went"
      paragraphs = ["All of it stood free, with nobody wanting it."]
      return
    }
    let challenger = Answer(report: report).challenger
    guard let before = report.baseline.utilization[resource],
      let own = report.results.last(where: { $0.allocator == challenger })?.utilization[resource]
    else {
      heading = "Where the capacity went"
      paragraphs = [
        CapacitySection.describe(report.baseline, resource),
        CapacitySection.idle(report.baseline, resource),
      ].compactMap { $0 }
      return
    }
    let words = Words(
      resource: resource.rawValue, baseline: report.baseline.allocator,
      challenger: challenger ?? "", before: before, own: own)
    heading = words.isLittle ? "Why utilization alone shows little here" : "What utilization shows"
    paragraphs = [
      words.used, CapacitySection.idle(report.baseline, resource), words.blocked, words.unwanted,
    ].compactMap { $0 }
  }

  private static func describe(_ result: RunResult, _ resource: StandardResource) -> String {
    guard let use = result.utilization[resource] else { return "" }
    let used = "Of all \(resource.rawValue), tasks used \(NumberText.percent(use.usedMean))."
    guard use.blockedMean != nil else { return used + " " + unknownDemand }
    let isLittle = (use.blockedMean ?? 0) < 0.005
    let blocked = isLittle ? "Hardly any" : NumberText.percent(use.blockedMean)
    return used + " \(blocked) stood free while tasks waited for it, "
      + "and \(NumberText.percent(use.noDemandMean)) was free with nobody wanting it."
  }

  /// What tasks leave idle of what they hold, where some say so.
  private static func idle(_ result: RunResult, _ resource: StandardResource) -> String? {
    guard let idle = result.utilization[resource]?.idleMean else { return nil }
    return "Used is what tasks hold. Under \(result.allocator) \(NumberText.percent(idle)) of all "
      + "\(resource.rawValue) was held and lay idle: tasks asked for more than they needed, which "
      + "no policy can give to others."
  }

  private static let unknownDemand =
    "A framework does not tell which of its tasks wait, so free capacity cannot be split into "
    + "blocked and not wanted."

  /// Compares two allocators.
  private struct Words {
    let resource: String
    let baseline: String
    let challenger: String
    let before: UtilizationResult
    let own: UtilizationResult

    private var difference: Double { (own.usedMean ?? 0) - (before.usedMean ?? 0) }
    var isLittle: Bool { abs(difference) < CapacitySection.little }

    var used: String {
      let (first, second) = (NumberText.percent(before.usedMean), NumberText.percent(own.usedMean))
      let figures =
        "tasks used \(first) of all \(resource) under \(baseline) and \(second) under "
        + "\(challenger)"
      if isLittle {
        return
          "Over the whole run \(figures): the same work gets done either way, sooner or later, "
          + "so its average over the run hardly moves. Who waited for whom is not in that number."
      }
      let points = NumberText.fixed(abs(difference) * 100, 1)
      return "Over the whole run \(figures), \(points) points \(difference > 0 ? "more" : "less"). "
        + "That tells how much work was done, not who waited for it."
    }

    var blocked: String? {
      guard let blockedBefore = before.blockedMean, let blockedOwn = own.blockedMean else {
        return CapacitySection.unknownDemand
      }
      if max(blockedBefore, blockedOwn) < 0.005 {
        return "Hardly any \(resource) stood free while tasks waited for it: "
          + "\(NumberText.percent(blockedBefore)) under \(baseline), "
          + "\(NumberText.percent(blockedOwn)) under \(challenger). Where job times differ all "
          + "the same, it is by who went first."
      }
      return "The difference is in what stood free while tasks waited for it: "
        + "\(NumberText.percent(blockedBefore)) of all \(resource) under \(baseline), "
        + "\(NumberText.percent(blockedOwn)) under \(challenger). Measured against what could have "
        + "been used, \(baseline) reached \(NumberText.percent(before.demandUtilization)) and "
        + "\(challenger) \(NumberText.percent(own.demandUtilization))."
    }

    var unwanted: String? {
      guard let unwanted = own.noDemandMean, unwanted >= 0.01 else { return nil }
      return "Another \(NumberText.percent(unwanted)) was free under \(challenger) because nobody "
        + "wanted it then. No policy can use that, and it dilutes every average over the run."
    }
  }
}
