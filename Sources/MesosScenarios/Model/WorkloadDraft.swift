// Part of mesosim. Apache-2.0, see LICENSE.
//
// Made-up work as a scenario writes it: bins of jobs and how these arrive.

internal import MesosWorkloads
internal import SimulationKernel

/// A workload as it is written, where a single bin need not be named.
struct WorkloadDraft: Sendable {
  var jobs: Int?
  var start = Duration.zero
  var arrivals = ArrivalDraft()
  var bins: [BinDraft]?
  var stages: [StageTemplate]?

  /// More jobs than this are taken for a mistake.
  static let jobsMax = 1_000_000

  static let codec: Codec<SyntheticWorkload> = {
    let codec = table.codec.map(
      { (draft) throws(Mismatch) in draft.workload }, { WorkloadDraft($0) })
    return Codec(
      expected: codec.expected,
      read: { node, path, problems in
        let start = Codec<Duration>.instantAfterStart.start(of: node, problems)
        problems.workCalendar = problems.frameworkCalendar.advanced(
          by: start, to: "the work starts")
        return codec.read(node, path, &problems)
      },
      write: codec.write, schema: codec.schema)
  }()

  private static let table = Table(
    name: "workload", blank: WorkloadDraft(),
    fields: [
      .optional(
        "jobs", \.jobs, .integer(1...jobsMax), "how many jobs; not needed where they are counted"),
      .optional("start", \.start, .instantAfterStart, "when the first job is submitted"),
      .optional(
        "arrivals", \.arrivals, ArrivalDraft.codec, "how the others follow; all at once by default"),
      .optional(
        "bins", \.bins, BinDraft.table.codec.list(atLeast: 1), "kinds of job, with their parts"),
      .optional(
        "stages", \.stages, StageTemplate.table.codec.list(atLeast: 1),
        "the stages, if all jobs are alike"),
    ],
    check: { $0.check($1, $2, &$3) })
}

/// A kind of job as it is written.
struct BinDraft: Sendable {
  var name = ""
  var weight: Double?
  var count: Int?
  var stages: [StageTemplate] = []

  static let table = Table(
    name: "bin", blank: BinDraft(),
    fields: [
      .required("name", \.name, .label, "what jobs of this kind are called"),
      .optional("count", \.count, .integer(1...WorkloadDraft.jobsMax), "exactly so many jobs"),
      .optional(
        "weight", \.weight, .number(above: 0, orEqual: false),
        "how often this kind comes beside the others"),
      .required("stages", \.stages, StageTemplate.table.codec.list(atLeast: 1), "their stages"),
    ],
    check: { bin, path, node, problems in
      if bin.count != nil && bin.weight != nil {
        problems.add(at: node.position, path, "expected either 'count' or 'weight', not both")
      }
    })
}

extension WorkloadDraft {
  /// How many jobs the bins and the listed times call for, as far as they do.
  private var countedJobs: (bins: Int?, times: Int?) {
    let counts = (bins ?? []).compactMap(\.count)
    var times: Int?
    if case .times(let instants) = arrivals.process { times = instants.count }
    return (counts.isEmpty ? nil : counts.reduce(0, +), times)
  }

  private func check(_ path: Path, _ node: YAMLNode, _ problems: inout Problems) {
    func complain(_ key: String?, _ message: String) {
      let place = key.map { path + $0 } ?? path
      let position = key.map { node.position(of: Path(steps: [.key($0)])) } ?? node.position
      problems.add(at: position, place, message)
    }
    let bins = bins ?? []
    if bins.isEmpty == (stages == nil) {
      complain(nil, "expected either 'bins' or 'stages'")
    }
    let counted = bins.count { $0.count != nil }
    if counted > 0 && counted < bins.count {
      complain("bins", "some bins have a count and others not; expected one way for all")
    }
    let names = bins.map(\.name)
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      complain("bins", "two bins are called '\(name)'; expected different names")
    }
    let (inBins, listed) = countedJobs
    let given = [jobs, inBins, listed].compactMap(\.self)
    if given.isEmpty { complain(nil, "'jobs' is missing: how many jobs") }
    if let first = given.first, given.contains(where: { $0 != first }) {
      let parts = [
        jobs.map { "jobs says \($0)" }, inBins.map { "the bins count \($0)" },
        listed.map { "the arrivals list \($0)" },
      ]
      complain(
        nil, parts.compactMap(\.self).joined(separator: ", ") + "; expected the same number")
    }
  }

  /// The workload that is meant.
  var workload: SyntheticWorkload {
    let (inBins, listed) = countedJobs
    let kinds = (bins ?? []).map { bin in
      JobBin(
        name: bin.name, share: bin.count.map(JobBin.Share.count) ?? .weight(bin.weight ?? 1),
        stages: bin.stages)
    }
    var workload = SyntheticWorkload(
      jobs: jobs ?? inBins ?? listed ?? 0, start: start, arrivals: arrivals.process,
      bins: stages.map { [JobBin(name: "job", share: .weight(1), stages: $0)] } ?? kinds)
    workload.profile = arrivals.profile
    return workload
  }

  /// The draft that is written for a workload.
  init(_ workload: SyntheticWorkload) {
    jobs = workload.jobs
    start = workload.start
    arrivals = ArrivalDraft(process: workload.arrivals, profile: workload.profile)
    if let only = workload.bins.first, workload.bins.count == 1, only.name == "job",
      only.share == .weight(1)
    {
      stages = only.stages
      return
    }
    bins = workload.bins.map { bin in
      switch bin.share {
      case .count(let count): BinDraft(name: bin.name, count: count, stages: bin.stages)
      case .weight(let weight): BinDraft(name: bin.name, weight: weight, stages: bin.stages)
      }
    }
  }
}
