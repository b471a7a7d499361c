// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the page says, section by section.

import MesosMetrics
import Mustache

extension Report {
  /// The page: self-contained, without a script and without anything to fetch.
  var page: String { PageTemplate.parsed.render(PageContent(self)) }
}

/// A label and a value.
struct Fact {
  let label: String
  let value: String
}

/// An allocator and its look.
struct LegendEntry {
  let key: String
  let allocator: String
}

/// What each framework used over time.
struct UseSection {
  let lead: String
  let plots: [UsePlots.View]

  init?(_ report: Report) {
    guard let plots = UsePlots(report) else { return nil }
    lead = plots.lead
    self.plots = plots.views
  }
}

/// A run and what identifies it.
struct DigestEntry {
  let allocator: String
  let seed: String
  let events: String
  let digest: String
}

/// Everything the template shows, under the names it uses.
struct PageContent {
  let version: String
  let title: String
  let style = PageStyle.text
  let partial: String?
  let scenario: String
  let question: String
  let answer: String
  let remarks: [String]
  let warnings: [String]
  let certainty: String?
  let notes: String?
  let facts: [Fact]
  let ranking: RankingSection?
  let frameworkSections: [FrameworkSection]
  let services: [ServiceSection]
  let hasServices: Bool
  let hasDistributions: Bool
  let distributions: [DistributionPlots.View]
  let uses: UseSection?
  let legend: [LegendEntry]
  let hasCapacity: Bool
  let timeLead: String
  let times: [TimePlots.View]
  let capacity: CapacitySection?
  let command: String
  let digests: [DigestEntry]
  let isRecorded: Bool

  init(_ report: Report) {
    let answer = Answer(report: report, times: "×")
    let baseline = report.baseline
    version = baseline.version
    scenario = DisplayText.harmless(baseline.scenario)
    partial = report.partialText.map { $0.sentenceCased + "." }
    title =
      "\(partial == nil ? "" : "partial: ")\(scenario): \(report.results.map(\.allocator).joined(separator: " and "))"
    question = DisplayText.harmless(report.question ?? PageContent.question(report, answer))
    self.answer = DisplayText.harmless(answer.sentence.sentenceCased) + "."
    remarks = answer.remarks.map { DisplayText.harmless($0.sentenceCased) + "." }
    warnings = report.warnings.map { $0.sentenceCased.sentenceEnded }
    certainty = answer.certainty.map { DisplayText.harmless($0.sentenceCased) + "." }
    notes = report.notes
    facts = PageContent.facts(report)
    ranking = RankingSection(report)
    frameworkSections = FrameworkSection.all(report)
    services = ServiceSection.all(report)
    hasServices = !services.isEmpty
    distributions = DistributionPlots(report: report).views
    hasDistributions = !distributions.isEmpty
    let isSingle = report.results.count == 1
    legend =
      isSingle
      ? []
      : report.variants.map {
        LegendEntry(key: $0.series.key, allocator: DisplayText.harmless($0.label))
      }
    uses = UseSection(report)
    times = TimePlots(report: report).views
    capacity = CapacitySection(report)
    hasCapacity = capacity != nil
    timeLead = PageContent.timeLead(report)
    command = DisplayText.harmless(report.command)
    isRecorded = report.recording != nil
    digests = report.replications.joined().map(\.result).map {
      DigestEntry(
        allocator: DisplayText.harmless($0.allocator), seed: String($0.seed),
        events: NumberText.count($0.events), digest: $0.digest)
    }
  }

  private static func question(_ report: Report, _ answer: Answer) -> String {
    guard let challenger = answer.challenger else {
      return "How does this workload fare under \(report.baseline.allocator)?"
    }
    return "On this workload, what does \(challenger) change against \(report.baseline.allocator)?"
  }

  private static func facts(_ report: Report) -> [Fact] {
    let baseline = report.baseline
    let jobs = baseline.frameworks.reduce(0) { $0 + $1.jobs.submitted }
    var facts = [
      Fact(label: "slaves", value: NumberText.count(baseline.slaves)),
      Fact(label: "cpus", value: NumberText.amount(report.capacity(.cpus))),
      Fact(label: "memory", value: NumberText.memory(report.capacity(.mem))),
      Fact(label: "frameworks", value: NumberText.count(baseline.frameworks.count)),
      Fact(label: "jobs", value: NumberText.count(jobs)),
      Fact(label: "cluster time", value: DurationText.text(baseline.windowSeconds)),
      Fact(label: "seed", value: String(baseline.seed)),
    ]
    if report.replications.count > 1 {
      facts[facts.count - 1] = Fact(label: "seeds", value: String(report.replications.count))
    }
    return facts
  }

  private static func timeLead(_ report: Report) -> String {
    let step = TimeAxis.label(TimePlots.stepSeconds(report.runs[0].series))
    let means = "Each step is the mean over \(step)."
    guard report.variants.count > 1 else { return means }
    let seed = report.replications.count > 1 ? " Seed \(report.baseline.seed)." : ""
    return "The same axes for every allocator; the shaded area is \(report.variants[0].label). "
      + means + seed
  }
}
