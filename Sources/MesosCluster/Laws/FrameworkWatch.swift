// Part of mesosim. Apache-2.0, see LICENSE.
//
// One framework as its laws see it: what passes between its scheduler and its driver, and what is
// true of its tasks.

import Mesos
import SimulationKernel
import VirtualTime

/// What is known of a framework that is held to laws.
final class FrameworkWatch: SchedulerObserver {
  private let laws: Set<FrameworkLaw>
  /// Offers that its process has and has not answered, by when it heard of them.
  private var open: [OfferID: Instant] = [:]
  /// Offers that its process had, and why they are none any more.
  private var ended: [OfferID: String] = [:]
  /// What launched tasks are called, and whether a master has had them.
  private var launched: [TaskID: (name: String, isKnown: Bool)] = [:]
  /// Tasks that it was told have ended: should one live all the same, it cannot know.
  private var toldEnded: Set<TaskID> = []
  /// Tasks that live: on which slave, and what they are called.
  private var live: [TaskNumber: (slave: SlaveIndex, id: TaskID, name: String)] = [:]
  private var unfinished: Set<JobID> = []
  private var wanted: [GroupID: Int] = [:]
  private var up: [TaskNumber: GroupID] = [:]
  /// What its process has done that it must not.
  private var misdeed: (law: FrameworkLaw, text: String)?

  init(_ laws: Set<FrameworkLaw>) { self.laws = laws }

  /// A new process begins with no offers.
  func begin() {
    open = [:]
    ended = [:]
  }

  // MARK: What passes

  func heard(_ event: SchedulerCallback, at now: Instant) {
    switch event {
    case .resourceOffers(let offers):
      for offer in offers {
        open[offer.id] = now
        // One that comes twice is open again as far as anybody can tell.
        ended[offer.id] = nil
      }
    case .offerRescinded(let id): end(id, "rescinded")
    case .statusUpdate(let status):
      if status.state.isTerminal { toldEnded.insert(status.taskID) }
    case .registered, .reregistered, .disconnected, .error: loseOffers()
    default: break
    }
  }

  func said(_ call: DriverCall, at now: Instant) {
    switch call {
    case .launchTasks(let offers, let tasks, _): answer(offers, launching: tasks)
    case .acceptOffers(let offers, let operations, _):
      answer(offers, launching: operations.flatMap(\.tasks))
    case .declineOffers(let ids, _): for id in ids { end(id, "declined") }
    case .stop, .abort: loseOffers()
    default: break
    }
  }

  private func loseOffers() {
    for id in open.keys { ended[id] = "gone with its connection" }
    open = [:]
  }

  private func answer(_ offers: [OfferID], launching tasks: [TaskInfo]) {
    for task in tasks {
      launched[task.taskID] = (task.name, false)
      toldEnded.remove(task.taskID)
    }
    for id in offers {
      if let task = tasks.first, let reason = ended[id], misdeed == nil {
        misdeed = (
          .launchesOnOpenOffers,
          "launches \(task.taskID) on offer \(id), which it knows is \(reason)"
        )
      }
      end(id, "answered")
    }
  }

  private func end(_ id: OfferID, _ reason: String) {
    // What it was never told of, it cannot know about.
    if open.removeValue(forKey: id) != nil { ended[id] = reason }
  }

  // MARK: What is true

  /// Takes in a fact that is about it.
  /// - Returns: The law that is broken by it, and how; `nil` for none.
  func fold(_ fact: ClusterEvent, in cluster: Cluster) -> (law: FrameworkLaw, text: String)? {
    var broken = misdeed
    misdeed = nil
    switch fact {
    case .taskLaunched(_, let slave, _, let number):
      let id = cluster.taskID(number, on: slave) ?? TaskID("")
      let task = launched[id] ?? ("", true)
      // One that a master had taken for lost and a slave still has is not launched again.
      if !task.isKnown { broken = broken ?? clash(of: task.name, on: slave, in: cluster) }
      launched[id]?.isKnown = true
      live[number] = (slave, id, task.name)
    case .taskEnded(_, _, _, _, let number, _):
      live[number] = nil
      up[number] = nil
    case .taskRefused(_, .error, let reason):
      broken = broken ?? (.launchesWhatIsValid, "has a task refused as invalid: \(reason)")
    case .jobSubmitted(_, let job): unfinished.insert(job)
    case .jobFinished(_, let job), .jobAbandoned(_, let job): unfinished.remove(job)
    case .tasksWanted(_, let group, let count): wanted[group] = count
    case .taskUp(_, let group, let number): if live[number] != nil { up[number] = group }
    case .frameworkReplaced: unfinished = []
    case .frameworkLeft, .frameworkRemoved:
      unfinished = []
      wanted = [:]
    default: break
    }
    return broken.flatMap { laws.contains($0.law) ? $0 : nil }
  }

  private func clash(
    of name: String, on slave: SlaveIndex, in cluster: Cluster
  ) -> (law: FrameworkLaw, text: String)? {
    let known = live.filter { !toldEnded.contains($0.value.id) }
    if laws.contains(.distinctNames),
      let other = known.filter({ $0.value.name == name }).min(by: { $0.key < $1.key })
    {
      return (
        .distinctNames,
        "has two tasks called '\(name)', on \(cluster.slaveName(other.value.slave)) and "
          + cluster.slaveName(slave)
      )
    }
    if laws.contains(.distinctHosts), known.values.contains(where: { $0.slave == slave }) {
      return (.distinctHosts, "has two tasks on \(cluster.slaveName(slave))")
    }
    return nil
  }

  // MARK: At the end

  /// Something that is not well.
  struct Complaint {
    let law: FrameworkLaw
    /// The same at both looks if it is the same complaint.
    let about: String
    let text: String
  }

  /// What is not well, each with the law that it breaks, in an order that does not change.
  ///
  /// A process that is not there keeps no offers.
  func complaints(
    at now: Instant, since lastFault: Instant, within patience: Duration, isAlive: Bool
  ) -> [Complaint] {
    var found: [Complaint] = []
    if laws.contains(.keepsWanted) {
      for (group, count) in wanted.sorted(by: { $0.key < $1.key }) {
        let there = up.values.count { $0 == group }
        if there != count {
          found.append(
            Complaint(
              law: .keepsWanted, about: "group \(group)",
              text: "wants \(count) tasks up and has \(there)"))
        }
      }
    }
    if laws.contains(.finishesJobs), let job = unfinished.min() {
      found.append(
        Complaint(
          // Another of them a minute later is no better.
          law: .finishesJobs, about: "jobs",
          text: "has job \(job), which is not finished"))
    }
    if laws.contains(.answersOffers), isAlive {
      let old = open.filter { now - max($0.value, lastFault) > patience }
      if let first = old.min(by: { ($0.value, $0.key.value) < ($1.value, $1.key.value) }) {
        found.append(
          Complaint(
            law: .answersOffers, about: "offer \(first.key)",
            text: "keeps offer \(first.key) open since \(first.value)"))
      }
    }
    return found
  }
}
