// Part of mesosim. Apache-2.0, see LICENSE.
//
// Faults by chance: each party fails after times of its own, drawn from streams of its own, so that
// one more slave changes nothing for the others.

public import SimulationKernel
public import VirtualTime

/// How often what goes wrong; `nil` for never.
public struct RandomFaults: Hashable, Sendable {
  /// The mean time between two failures of one slave: half are of its process, half of its machine.
  public var slaveMTBF: Duration?
  /// The mean time between two failures of one scheduler.
  public var schedulerMTBF: Duration?
  /// The mean time between two failures of one master.
  public var masterMTBF: Duration?
  /// The mean time from failure to restart.
  public var downtimeMean: Duration = .seconds(60)
  /// The mean time between two partitions, each of which cuts some slaves off from the masters.
  public var partitionInterval: Duration?
  /// The mean length of a partition.
  public var partitionMean: Duration = .seconds(120)
  /// The greatest part of the slaves that one partition cuts off.
  public var partitionShareMax = 0.3

  /// Nothing goes wrong.
  public init() {}

  /// Who can fail.
  public struct Candidates: Sendable {
    /// The hosts of the slaves.
    public var slaves: [String]
    /// The names of the frameworks.
    public var schedulers: [String]
    /// How many masters there are.
    public var masters: Int

    /// Names who can fail.
    public init(slaves: [String], schedulers: [String], masters: Int) {
      self.slaves = slaves
      self.schedulers = schedulers
      self.masters = masters
    }
  }

  /// The faults of one run; whatever fails before `end` is restarted, and partitions end, too, at
  /// `end` at the latest.
  ///
  /// A run that ends sooner has the same faults up to its end, so that a part of a run can be run
  /// again by itself. What begins by then may be mended after it.
  /// - Parameters:
  ///   - name: What its streams of chance are called; plans of one run have different names.
  ///   - candidates: Who can fail.
  ///   - start: When things begin to go wrong.
  ///   - end: From when on nothing goes wrong any more; `nil` when things go wrong to the end.
  ///   - horizon: The end of the run.
  ///   - seeds: Where chance comes from.
  /// - Returns: The faults, those of each party in order of time.
  public func plan(
    _ name: String = "faults", for candidates: Candidates, from start: Instant,
    until end: Instant?, horizon: Instant, seeds: Seeds
  ) -> [TimedFault] {
    var faults: [TimedFault] = []
    let span = Span(start: start, end: end, horizon: horizon)
    for slave in candidates.slaves {
      let stream = seeds.stream("\(name)/slave/\(slave)")
      failures(every: slaveMTBF, in: span, stream) { failure, recovery in
        let party = Parties(slaves: [slave])
        faults.append(
          TimedFault(
            at: failure, stream.uniform() < 0.5 ? .kill(party) : .crash(party), until: recovery))
      }
    }
    for scheduler in candidates.schedulers {
      let stream = seeds.stream("\(name)/scheduler/\(scheduler)")
      failures(every: schedulerMTBF, in: span, stream) { failure, recovery in
        faults.append(
          TimedFault(at: failure, .kill(Parties(schedulers: [scheduler])), until: recovery))
      }
    }
    for master in 1...max(1, candidates.masters) {
      let stream = seeds.stream("\(name)/master/\(master)")
      failures(every: masterMTBF, in: span, stream) { failure, recovery in
        faults.append(
          TimedFault(at: failure, .kill(Parties(masters: ["master-\(master)"])), until: recovery))
      }
    }
    addPartitions(for: candidates, in: span, seeds.stream("\(name)/partitions"), to: &faults)
    return faults
  }

  /// When things go wrong.
  private struct Span {
    let start: Instant
    let end: Instant?
    let horizon: Instant

    /// Whether something can begin to go wrong at an instant.
    func contains(_ instant: Instant) -> Bool { end.map { instant < $0 } ?? (instant <= horizon) }

    /// When what would be mended at an instant is.
    func mended(at instant: Instant) -> Instant { min(instant, end ?? instant) }
  }

  private func failures(
    every mean: Duration?, in span: Span, _ stream: RandomStream,
    _ body: (_ failure: Instant, _ recovery: Instant) -> Void
  ) {
    guard let mean else { return }
    var now = span.start
    while true {
      let failure = now + Self.draw(mean, stream)
      guard span.contains(failure) else { return }
      let recovery = span.mended(at: failure + Self.draw(downtimeMean, stream))
      body(failure, recovery)
      now = recovery
    }
  }

  private func addPartitions(
    for candidates: Candidates, in span: Span, _ stream: RandomStream,
    to faults: inout [TimedFault]
  ) {
    guard let partitionInterval, !candidates.slaves.isEmpty else { return }
    var now = span.start
    while true {
      now = now + Self.draw(partitionInterval, stream)
      guard span.contains(now) else { return }
      let most = max(1, Int(Double(candidates.slaves.count) * partitionShareMax))
      let count = 1 + stream.integer(below: most)
      let first = stream.integer(below: candidates.slaves.count)
      let cut = (0..<count).map { candidates.slaves[(first + $0) % candidates.slaves.count] }
      let isOneWay = stream.uniform() < 0.25
      let mended = span.mended(at: now + Self.draw(partitionMean, stream))
      faults.append(
        TimedFault(
          at: now,
          .partition(Parties(slaves: cut), from: Parties(masters: ["*"]), isOneWay: isOneWay),
          until: mended))
    }
  }

  /// An exponential time, at least a millisecond.
  private static func draw(_ mean: Duration, _ stream: RandomStream) -> Duration {
    guard let law = try? Distribution(.exponential(mean: mean.inSeconds)) else { return mean }
    return max(.rounded(seconds: law.sample(from: stream)), .milliseconds(1))
  }
}
