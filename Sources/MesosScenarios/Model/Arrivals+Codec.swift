// Part of mesosim. Apache-2.0, see LICENSE.
//
// When jobs come: `{poisson: {mean: 14s}}`, `{constant: 30s}`, `{at: [20s, 80s]}`, bursts, or any
// distribution of the gap between two jobs.

internal import MesosWorkloads
internal import SimulationKernel
internal import VirtualTime

extension Codec where Value == ArrivalProcess {
  static var arrivals: Codec {
    let forms: [Form<ArrivalProcess>] =
      [
        Form("poisson", PoissonGap.table.codec, { .gaps($0.distribution) }, PoissonGap.init),
        Form(
          "at", Codec<Duration>.instantOfWork.list(atLeast: 1), { .times($0) },
          { if case .times(let times) = $0 { times } else { nil } }),
        Form("bursts", Bursts.table.codec, \.process, Bursts.init),
      ]
      + Form.distributions(
        of: "durations", .seconds, { .gaps($0) },
        { if case .gaps(let gap) = $0 { gap } else { nil } })
    return choice("arrivals such as {poisson: {mean: 14s}}", forms)
  }
}

/// Gaps between events that know nothing of each other.
private struct PoissonGap: Sendable {
  var mean = Duration.zero

  static let table = Table(
    name: "poisson", blank: PoissonGap(),
    fields: [.required("mean", \.mean, .positiveDuration, "the mean gap between two jobs")])

  var distribution: Distribution {
    (try? Distribution(.exponential(mean: mean.inSeconds))) ?? .fixed(0)
  }

  init() {}

  @Sendable init?(_ process: ArrivalProcess) {
    guard case .gaps(let gap) = process, case .exponential(let mean) = gap.kind,
      gap.minimum == nil, gap.maximum == nil
    else { return nil }
    self.mean = .rounded(seconds: mean)
  }
}

/// Jobs that come together, again and again.
private struct Bursts: Sendable {
  var every = Duration.zero
  var jobs = 1
  var gap = Distribution.fixed(0)

  static let table = Table(
    name: "bursts", blank: Bursts(),
    fields: [
      .required("every", \.every, .positiveDuration, "from the start of a burst to the next"),
      .required("jobs", \.jobs, .integer(1...WorkloadDraft.jobsMax), "how many jobs in a burst"),
      .optional("gap", \.gap, .drawnDuration, "between two jobs of a burst"),
    ])

  var process: ArrivalProcess { .bursts(every: every, jobs: jobs, gap: gap) }

  init() {}

  @Sendable init?(_ process: ArrivalProcess) {
    guard case .bursts(let every, let jobs, let gap) = process else { return nil }
    self.every = every
    self.jobs = jobs
    self.gap = gap
  }
}
