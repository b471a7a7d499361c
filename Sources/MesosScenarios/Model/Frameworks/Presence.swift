// Part of mesosim. Apache-2.0, see LICENSE.
//
// When a framework is there: keys that frameworks of any type have, and which jobs it then runs.

internal import Mesos
internal import MesosCluster
internal import MesosFrameworks
internal import VirtualTime

extension FrameworkDescription {
  /// The keys.
  static let presenceFields: [Field<FrameworkDescription>] = [
    .optional(
      "start", \.presence.start, .instant,
      "when it starts; the arrivals of its jobs count from then"),
    .optional(
      "leave", \.presence.leave, Codec<Duration>.laterInstant.orWord("never"),
      "when it ends: its unfinished jobs are abandoned, later ones not submitted"),
    .optional(
      "return", \.presence.comeBack, Codec<Duration>.laterInstant.orWord("never"),
      "when it comes back, new to the master, and submits what has arrived since it left"),
  ]

  /// Whether it is there at the end, however long that takes.
  var isThereAtLast: Bool { presence.leave == nil || presence.comeBack != nil }

  /// What each of its stays has to do: the jobs that arrive before it leaves, then all others.
  ///
  /// - Parameter jobs: Its jobs in the order of submission.
  /// - Returns: The jobs of its one stay or of both.
  func jobsByStay(_ jobs: JobList) -> [JobList] {
    guard let leave = presence.leave else { return [jobs] }
    let later = jobs.firstIndex { $0.submitted >= .start + leave } ?? jobs.endIndex
    return [JobList(jobs[..<later]), JobList(jobs[later...])]
  }
}

extension MeaningCheck {
  /// Says so when slaves join or leave after the end.
  mutating func checkStays() {
    guard let until = scenario.until else { return }
    for (index, group) in scenario.cluster.slaves.enumerated() {
      for (key, instant) in [("join", group.join), ("leave", group.leave)] {
        guard let instant, instant > until else { continue }
        warn(
          Path() + "cluster" + "slaves" + index + key,
          "after the end, \(until.scenarioText): that is never seen")
      }
    }
  }

  /// Says so when the instants of a framework's presence are not one after the other.
  mutating func checkPresence(_ index: Int) {
    let presence = scenario.frameworks[index].presence
    let path = Path() + "frameworks" + index
    if let leave = presence.leave, leave <= presence.start {
      fail(
        path + "leave",
        "\(leave.scenarioText) is not after 'start', \(presence.start.scenarioText)")
    }
    if let comeBack = presence.comeBack {
      if let leave = presence.leave {
        if comeBack <= leave {
          fail(
            path + "return",
            "\(comeBack.scenarioText) is not after 'leave', \(leave.scenarioText)")
        }
      } else {
        fail(path + "return", "'return' without 'leave'; say when it leaves")
      }
    }
    guard let until = scenario.until else { return }
    let instants: [(key: String, instant: Duration?)] = [
      ("start", presence.start), ("leave", presence.leave), ("return", presence.comeBack),
    ]
    if let late = instants.first(where: { $0.instant.map { $0 > until } ?? false }) {
      warn(path + late.key, "after the end, \(until.scenarioText): that is never seen")
    }
  }
}
