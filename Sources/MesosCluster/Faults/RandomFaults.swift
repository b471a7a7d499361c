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

  /// The faults of one run; whatever fails before the end is restarted, and partitions end, too, at
  /// the end at the latest.
  /// - Parameters:
  ///   - name: What its streams of chance are called; plans of one run have different names.
  ///   - candidates: Who can fail.
  ///   - start: When things begin to go wrong.
  ///   - end: From when on nothing goes wrong any more.
  ///   - seeds: Where chance comes from.
  /// - Returns: The faults, those of each party in order of time.
  public func plan(
    _ name: String = "faults", for candidates: Candidates, from start: Instant, until end: Instant,
    seeds: Seeds
  ) -> [TimedFault] {
    var faults: [TimedFault] = []
    for slave in candidates.slaves {
      let stream = seeds.stream("\(name)/slave/\(slave)")
      failures(every: slaveMTBF, from: start, until: end, stream) { failure, recovery in
        let party = Parties(slaves: [slave])
        faults.append(
          TimedFault(
            at: failure, stream.uniform() < 0.5 ? .kill(party) : .crash(party), until: recovery))
      }
    }
    for scheduler in candidates.schedulers {
      let stream = seeds.stream("\(name)/scheduler/\(scheduler)")
      failures(every: schedulerMTBF, from: start, until: end, stream) { failure, recovery in
        faults.append(
          TimedFault(at: failure, .kill(Parties(schedulers: [scheduler])), until: recovery))
      }
    }
    for master in 1...max(1, candidates.masters) {
      let stream = seeds.stream("\(name)/master/\(master)")
      failures(every: masterMTBF, from: start, until: end, stream) { failure, recovery in
        faults.append(
          TimedFault(at: failure, .kill(Parties(masters: ["master-\(master)"])), until: recovery))
      }
    }
    addPartitions(
      for: candidates, from: start, until: end, seeds.stream("\(name)/partitions"), to: &faults)
    return faults
  }

  private func failures(
    every mean: Duration?, from start: Instant, until end: Instant, _ stream: RandomStream,
    _ body: (_ failure: Instant, _ recovery: Instant) -> Void
  ) {
    guard let mean else { return }
    var now = start
    while true {
      let failure = now + Self.draw(mean, stream)
      guard failure < end else { return }
      let recovery = min(failure + Self.draw(downtimeMean, stream), end)
      body(failure, recovery)
      now = recovery
    }
  }

  private func addPartitions(
    for candidates: Candidates, from start: Instant, until end: Instant, _ stream: RandomStream,
    to faults: inout [TimedFault]
  ) {
    guard let partitionInterval, !candidates.slaves.isEmpty else { return }
    var now = start
    while true {
      now = now + Self.draw(partitionInterval, stream)
      guard now < end else { return }
      let most = max(1, Int(Double(candidates.slaves.count) * partitionShareMax))
      let count = 1 + stream.integer(below: most)
      let first = stream.integer(below: candidates.slaves.count)
      let cut = (0..<count).map { candidates.slaves[(first + $0) % candidates.slaves.count] }
      let isOneWay = stream.uniform() < 0.25
      let mended = min(now + Self.draw(partitionMean, stream), end)
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
