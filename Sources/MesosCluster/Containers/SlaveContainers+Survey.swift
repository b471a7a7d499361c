// Part of mesosim. Apache-2.0, see LICENSE.
//
// A look at all containers of a slave together: at the machine's memory where nothing isolates
// them, and at what of their resources is not used and can be lent (Rules 5.10; Mesos:
// `slave/resource_estimators`, `slave/qos_controllers`).

import Mesos
import VirtualTime

extension SlaveContainers {
  /// Finds when all containers are to be looked at next.
  mutating func planSurvey() {
    let extras = needExtras()
    var next = Instant.distantFuture
    if settings.isolation == .none, extras.memoryRules > 0 {
      next = memoryRunsOut(after: now) ?? .distantFuture
    }
    if let interval = settings.oversubscriptionInterval {
      let isIdle = liveNumbers.isEmpty && extras.slack.isEmpty
      if isIdle {
        extras.estimateAt = .distantFuture
      } else if extras.estimateAt == .distantFuture {
        extras.estimateAt = now + max(interval, .milliseconds(1))
      }
      next = min(next, extras.estimateAt)
    }
    // An earlier call that is no longer needed does no harm.
    if next < extras.surveyAt || extras.surveyAt < now {
      extras.surveyAt = next
      if next < .distantFuture { request(.survey(next)) }
    }
  }

  /// Looks at all containers.
  mutating func survey() {
    guard let extras else { return }
    if extras.surveyAt <= now { extras.surveyAt = .distantFuture }
    if settings.isolation == .none, extras.memoryRules > 0 {
      while memoryUse(at: now) > memoryCapacity, let largest = largestOffender() {
        killForMemory(largest)
      }
    }
    if extras.estimateAt <= now {
      extras.estimateAt = .distantFuture
      lend(extras)
    }
    planSurvey()
  }

  // MARK: Memory of the machine

  private func memoryUse(at instant: Instant) -> Int64 {
    running.reduce(Int64(0)) { $0 + allowedUse(of: $1, at: instant) }
  }

  private var running: [ContainerNumber] {
    liveNumbers.filter { containers[Int($0)].isCounted }
  }

  /// What counts against the machine: containers without a rule use what they hold, without what
  /// Mesos's own executor is granted beside them.
  private func allowedUse(of number: ContainerNumber, at instant: Instant) -> Int64 {
    let container = containers[Int(number)]
    let isRuled = container.detail != noSlot && details[Int(container.detail)].memory != nil
    if isRuled { return memoryUse(of: number, at: instant) }
    let overhead = container.isExecutor ? 0 : settings.commandOverheadMegabytes * 1000
    return max(0, container.memoryLimit - overhead)
  }

  private func largestOffender() -> ContainerNumber? {
    running.filter { containers[Int($0)].detail != noSlot }
      .max { excess(of: $0) < excess(of: $1) }
  }

  private func excess(of number: ContainerNumber) -> Int64 {
    memoryUse(of: number, at: now) - containers[Int(number)].memoryLimit
  }

  private mutating func killForMemory(_ number: ContainerNumber) {
    if containers[Int(number)].isExecutor {
      return end(number, .exited(status: 9, .itself))
    }
    let report = CommandReport(.failed, message: "Command terminated with signal Killed")
    end(number, .command(report))
  }

  /// When containers together first use more memory than there is.
  private func memoryRunsOut(after now: Instant) -> Instant? {
    var corners = [now]
    for number in running where containers[Int(number)].detail != noSlot {
      let detail = details[Int(containers[Int(number)].detail)]
      guard let memory = detail.memory else { continue }
      let corner = detail.startedAt.advanced(byNanoseconds: memory.over)
      if corner > now { corners.append(corner) }
    }
    corners.sort()
    if memoryUse(at: now) > memoryCapacity { return now }
    for (begin, end) in zip(corners, corners.dropFirst())
    where memoryUse(at: end) > memoryCapacity {
      // Between two corners the sum goes straight: halve the time until the instant is found.
      var (below, above) = (begin.nanoseconds, end.nanoseconds)
      while above - below > 1 {
        let middle = below + (above - below) / 2
        let isAbove = memoryUse(at: Instant(nanoseconds: middle)) > memoryCapacity
        if isAbove { above = middle } else { below = middle }
      }
      return Instant(nanoseconds: above)
    }
    return nil
  }

  // MARK: Slack

  /// Estimates what is held and not used, tells it, and takes it back from borrowers when it is
  /// needed.
  private mutating func lend(_ extras: Extras) {
    var slack: (cpus: Int64, mem: Int64) = (0, 0)
    var lent: (cpus: Int64, mem: Int64) = (0, 0)
    var borrowers: [ContainerNumber] = []
    for number in running {
      let container = containers[Int(number)]
      let memory = memoryUse(of: number, at: now)
      if container.isRevocable {
        lent.cpus += container.demand
        lent.mem += memory
        borrowers.append(number)
      } else {
        slack.cpus += max(0, heldCPUs(of: container) - container.demand)
        slack.mem += max(0, container.memoryLimit - max(memory, 0))
      }
    }
    // The youngest borrowers go first.
    while lent.cpus > slack.cpus || lent.mem > slack.mem, let last = borrowers.popLast() {
      lent.cpus -= containers[Int(last)].demand
      lent.mem -= memoryUse(of: last, at: now)
      end(last, .exited(status: 9, .preempted))
    }
    let estimate = Resources(
      [
        Resource("cpus", .scalar(Scalar(thousandths: slack.cpus)), isRevocable: true),
        Resource("mem", .scalar(Scalar(thousandths: slack.mem)), isRevocable: true),
      ])
    guard estimate != extras.slack else { return }
    extras.slack = estimate
    request(.slack(estimate))
  }

  /// The cpus that a container's weight stands for, without what Mesos's own executor adds.
  private func heldCPUs(of container: Container) -> Int64 {
    let overhead = container.isExecutor ? 0 : settings.commandOverheadMilliCPUs
    return max(0, container.weight / 1024 - overhead)
  }
}
