// Part of mesosim. Apache-2.0, see LICENSE.
//
// A stage for one scheduler without a cluster: a driver that notes what it is asked, and an
// environment whose clock the test moves.

import Mesos
import VirtualTime

/// Notes every call; the test reads and clears `calls`.
final class NotingDriver: SchedulerDriver {
  var status = DriverStatus.running
  var calls: [String] = []
  var launched: [TaskInfo] = []

  private func note(_ call: String) -> DriverStatus {
    calls.append(call)
    return status
  }

  func start() -> DriverStatus { note("start") }
  func stop(failover: Bool) -> DriverStatus {
    status = .stopped
    return note("stop")
  }
  func abort() -> DriverStatus { note("abort") }
  func launchTasks(
    _ offerIDs: [OfferID], _ tasks: [TaskInfo], filters: Filters
  ) -> DriverStatus {
    launched += tasks
    let ids = tasks.map(\.taskID.value).joined(separator: " ")
    return note("launch \(offerIDs.map(\.value).joined(separator: ",")): \(ids)")
  }
  func declineOffer(_ offerID: OfferID, filters: Filters) -> DriverStatus {
    note("decline \(offerID) for \(filters.refuseSeconds) s")
  }
  func killTask(_ taskID: TaskID) -> DriverStatus { note("kill \(taskID)") }
  func reviveOffers() -> DriverStatus { note("revive") }
  func suppressOffers() -> DriverStatus { note("suppress") }

  func takeCalls() -> [String] {
    defer { calls = [] }
    return calls
  }
}

/// A clock and timers moved by `advance`; the journal is noted like the driver's calls.
final class HandEnvironment: Environment, Journal {
  private(set) var now = Instant.start
  let epoch: Int64 = 0
  var journal: any Journal { self }
  var notes: [String] = []
  private var timers: [(id: TimerID, due: Instant, action: () -> Void)] = []
  private var timersMade: UInt64 = 0

  func startTimer(after delay: Duration, _ action: @escaping () -> Void) -> TimerID {
    timersMade += 1
    timers.append((TimerID(timersMade), now + delay, action))
    return TimerID(timersMade)
  }

  func cancelTimer(_ timer: TimerID) { timers.removeAll { $0.id == timer } }

  func advance(toSecond second: Int) {
    let target = Instant.start + .seconds(second)
    while let next = timers.filter({ $0.due <= target }).min(by: { $0.due < $1.due }) {
      timers.removeAll { $0.id == next.id }
      now = max(now, next.due)
      next.action()
    }
    now = target
  }

  func random(named name: String) -> any RandomSource { Zero() }

  private final class Zero: RandomSource {
    func uniform() -> Double { 0 }
    func integer(below bound: Int) -> Int { 0 }
  }

  func jobSubmitted(_ job: JobID, name: String) { notes.append("submitted \(name)") }
  func jobFinished(_ job: JobID) { notes.append("finished \(job)") }
  func jobAbandoned(_ job: JobID) { notes.append("abandoned \(job)") }
  func demand(_ shape: Resources, delta: Int) {
    if delta != 0 { notes.append("demand \(delta)") }
  }
  func launching(_ task: TaskID, of job: JobID, runnableSince: Instant) {
    notes.append("launching \(task) waiting since \(Int(runnableSince.seconds))")
  }

  func takeNotes() -> [String] {
    defer { notes = [] }
    return notes
  }
}

/// An offer of one slave.
func makeOffer(_ number: Int, cpus: Double, mem: Double = 8192, slave: SlaveID = "s0") -> Offer {
  Offer(
    id: OfferID(master: "m", number: number), frameworkID: "f", slaveID: slave, hostname: "host",
    resources: Resources(cpus: cpus, mem: mem))
}
