// Part of mesosim. Apache-2.0, see LICENSE.
//
// What containers do to one another: cpu that is short, memory and disk that run out, and slack
// that can be lent (Rules 10).

import Mesos
import VirtualTime

// MARK: - Cpu

extension SlaveContainers {
  /// A container has begun to use the machine.
  mutating func joined(_ number: ContainerNumber) {
    containers[Int(number)].isCounted = true
    demand += containers[Int(number)].demand
    if demand > cpuCapacity || isContended { rebalance() }
    if extras != nil || settings.oversubscriptionInterval != nil {
      planSurvey()
    }
  }

  /// Divides the cpus again: commands that get less than they want take longer.
  mutating func rebalance() {
    let numbers = liveNumbers.filter { containers[Int($0)].isCounted }
    let claims = numbers.map {
      CPUSharing.Claim(demand: containers[Int($0)].demand, weight: containers[Int($0)].weight)
    }
    let rates =
      settings.isolation == .cgroups
      ? CPUSharing.rates(byShares: claims, capacity: cpuCapacity)
      : CPUSharing.rates(evenly: claims, capacity: cpuCapacity)
    isContended = rates.contains { $0 < CPUSharing.full }
    for (number, rate) in zip(numbers, rates) where !containers[Int(number)].isExecutor {
      stretch(number, to: rate)
    }
  }

  private mutating func stretch(_ number: ContainerNumber, to rate: Int64) {
    let end = containers[Int(number)].end
    let known = containers[Int(number)].detail
    if known == noSlot || details[Int(known)].progress == nil {
      // It has gone at full speed so far; what never ends does not end later either.
      if rate == CPUSharing.full || end == .distantFuture { return }
      details[detail(of: number)].progress = Progress(
        nanoseconds: max(0, end.nanoseconds - now.nanoseconds), at: now.nanoseconds)
    }
    let slot = detail(of: number)
    guard details[slot].progress?.rate != rate else { return }
    details[slot].progress?.change(rate: rate, at: now.nanoseconds)
    containers[Int(number)].end = Instant(
      nanoseconds: details[slot].progress?.end ?? end.nanoseconds)
    arm(number)
  }
}

// MARK: - Memory and disk

extension SlaveContainers {
  /// Sets what a rule says that a container uses.
  mutating func useByRule(_ number: ContainerNumber, _ slot: Int) {
    details[slot].startedAt = now
    guard let usage = rule(of: slot)?.usage else { return }
    if let cpus = usage.cpus.flatMap({ Scalar($0)?.thousandths }) {
      containers[Int(number)].demand = cpus
    }
    details[slot].disk = usage.disk.map { Course($0) }
    details[slot].memory = usage.mem.map { Course($0) }
    if usage.mem != nil { needExtras().memoryRules += 1 }
    planExcesses(of: number)
  }

  /// Finds when a container goes past what it may use.
  mutating func planExcesses(of number: ContainerNumber) {
    let container = containers[Int(number)]
    let slot = Int(container.detail)
    let startedAt = details[slot].startedAt
    details[slot].memoryExcess = .distantFuture
    details[slot].diskExcess = .distantFuture
    if settings.isolation == .cgroups, let memory = details[slot].memory,
      let after = memory.firstExcess(over: container.memoryLimit)
    {
      details[slot].memoryExcess = max(now, startedAt.advanced(byNanoseconds: after))
    }
    if settings.enforcesDiskQuota, container.diskLimit > 0, let disk = details[slot].disk,
      let after = disk.firstExcess(over: container.diskLimit)
    {
      // It is found at the next look, of which there is one each interval.
      let interval = max(1, settings.diskWatchInterval.wholeNanoseconds)
      let looks = max(1, (after + interval - 1) / interval)
      let found = startedAt.advanced(byNanoseconds: looks * interval)
      details[slot].diskExcess = max(now, found)
    }
  }

  mutating func exceedMemory(_ number: ContainerNumber, _ slot: Int) {
    let elapsed = now.nanoseconds - details[slot].startedAt.nanoseconds
    let used = (details[slot].memory?.peak(after: elapsed) ?? 0) / 1000
    let limit = containers[Int(number)].memoryLimit
    // Whole MB, as of every size in bytes (Rules 1.6).
    let message = "Memory limit exceeded: Requested: \(limit / 1000)MB Maximum Used: \(used)MB"
    endAtLimit(
      number, .containerLimitationMemory, message, Resources(mem: Scalar(thousandths: limit).value))
  }

  mutating func exceedDisk(_ number: ContainerNumber, _ slot: Int) {
    let elapsed = now.nanoseconds - details[slot].startedAt.nanoseconds
    let used = (details[slot].disk?.amount(after: elapsed) ?? 0) / 1000
    let limit = containers[Int(number)].diskLimit
    let message = "Disk usage (\(used)MB) exceeds quota (\(limit / 1000)MB)"
    endAtLimit(
      number, .containerLimitationDisk, message, Resources(disk: Scalar(thousandths: limit).value))
  }

  private mutating func endAtLimit(
    _ number: ContainerNumber, _ reason: StatusReason, _ message: String,
    _ limitation: Resources
  ) {
    // SIGKILL, as the kernel does it.
    let end = ContainerEnd.limit(reason, message: message, limitation: limitation)
    self.end(number, .exited(status: 9, end))
  }

  /// What a container uses of memory, in thousandths of a MB.
  func memoryUse(of number: ContainerNumber, at instant: Instant) -> Int64 {
    let container = containers[Int(number)]
    if container.detail != noSlot, let memory = details[Int(container.detail)].memory {
      let startedAt = details[Int(container.detail)].startedAt
      return memory.amount(after: instant.nanoseconds - startedAt.nanoseconds)
    }
    return container.memoryLimit
  }
}
