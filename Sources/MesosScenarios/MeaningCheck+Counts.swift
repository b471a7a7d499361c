// Part of mesosim. Apache-2.0, see LICENSE.
//
// Counts that are fine by themselves and together more than anything could run: a run would fill
// the memory before its first event.

internal import MesosCluster
internal import MesosWorkloads
internal import VirtualTime

extension MeaningCheck {
  /// How many failures may be planned; all are known before a run begins.
  private static let failuresMax = 500_000.0
  /// How many stages all jobs may have; all are made before a run begins.
  private static let stagesMax = 5_000_000.0

  /// Refuses faults by chance and jobs that are too many.
  mutating func checkCounts() {
    for (index, entry) in scenario.faults.enumerated() {
      guard case .random(let chance) = entry.event else { continue }
      for (key, interval) in chance.intervals where interval < .seconds(1) {
        fail(
          Path() + "faults" + index + "random" + key,
          "something fails every \(interval.scenarioText); expected at least 1s")
      }
      let length = entry.length ?? scenario.horizon - entry.at
      let failures = chance.failuresExpected(of: scenario, within: max(0, length.inSeconds))
      if failures > Self.failuresMax {
        fail(
          Path() + "faults" + index + "random",
          "about \(text(failures)) failures; expected at most \(text(Self.failuresMax)): make them "
            + "rarer, or end them with 'for', or the run with 'until'")
      }
    }
    var jobs = 0.0
    var stages = 0.0
    for (index, framework) in scenario.frameworks.enumerated() {
      guard case .synthetic(let workload) = framework.work else { continue }
      let perJob = workload.bins.map { $0.stages.reduce(0) { $0 + Double($1.rounds) } }.max() ?? 0
      jobs += Double(workload.jobs)
      stages += Double(workload.jobs) * perJob
      if jobs > 2 * Double(WorkloadDraft.jobsMax) || stages > Self.stagesMax {
        fail(
          Path() + "frameworks" + index + "workload",
          "with this \(text(jobs)) jobs of \(text(stages)) stages, rounds counted; expected at "
            + "most \(text(2 * Double(WorkloadDraft.jobsMax))) of \(text(Self.stagesMax))")
        return
      }
    }
  }

  private func text(_ count: Double) -> String {
    count < 1e15 ? String(Int(count.rounded())) : String(count)
  }
}

extension RandomFaults {
  /// The mean times between failures that are given, by their keys.
  fileprivate var intervals: [(key: String, interval: Duration)] {
    [
      ("slaveMTBF", slaveMTBF), ("schedulerMTBF", schedulerMTBF), ("masterMTBF", masterMTBF),
      ("partitionEvery", partitionInterval),
    ].compactMap { key, interval in interval.map { (key, $0) } }
  }

  /// About how many failures there will be; a partition counts for the slaves that it names.
  fileprivate func failuresExpected(of scenario: Scenario, within seconds: Double) -> Double {
    func cycles(_ interval: Duration?, _ pause: Duration = .zero) -> Double {
      interval.map { seconds / max((max($0, .milliseconds(1)) + pause).inSeconds, 0.002) } ?? 0
    }
    let slaves = Double(scenario.cluster.slaveCount)
    return cycles(slaveMTBF, downtimeMean) * slaves
      + cycles(schedulerMTBF, downtimeMean) * Double(scenario.frameworks.count)
      + cycles(masterMTBF, downtimeMean) * Double(scenario.cluster.masters)
      + cycles(partitionInterval) * max(1, slaves * partitionShareMax / 20)
  }
}
