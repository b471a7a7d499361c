// Part of mesosim. Apache-2.0, see LICENSE.
//
// From JSON to what a job says of its updates, its health and its surroundings.

import Mesos

extension AuroraJob {
  /// Reads what a job says beside what it runs.
  mutating func readPolicies(_ fields: JobFields) throws(AuroraJobFault) {
    let aliases = try fields.object("announce")?.object("portmap")
    isChecked = ports.contains("health") || aliases?.json["health"] != nil
    if let reader = try fields.object("health_check_config") { try readHealth(reader) }
    if let reader = try fields.object("update_config") { try readUpdate(reader) }
    if let reader = try fields.object("partition_policy") {
      partitionPolicy.reschedules = try reader.flag("reschedule") ?? true
      partitionPolicy.delaySeconds = try reader.number("delay_secs") ?? 0
      guard (0...1e9).contains(partitionPolicy.delaySeconds) else {
        throw reader.fault("delay_secs", "expected a number from 0 to 1000000000")
      }
    }
    if let reader = try fields.object("sla_policy") { try readSLA(reader) }
    if let reader = try fields.object("container") {
      // A choice is written as what was chosen, or below its kind.
      let (docker, mesos) = (try reader.object("docker"), try reader.object("mesos"))
      let kind = docker ?? mesos ?? reader
      if case .object? = kind.json["image"]?.content {
        image = try kind.object("image")?.text("name")
      } else {
        image = try kind.text("image")
      }
    }
  }

  private mutating func readUpdate(_ fields: JobFields) throws(AuroraJobFault) {
    update.batchSize = try fields.whole("batch_size") ?? update.batchSize
    update.watchSeconds = try fields.whole("watch_secs") ?? update.watchSeconds
    update.maxPerShardFailures =
      try fields.whole("max_per_shard_failures") ?? update.maxPerShardFailures
    update.maxTotalFailures =
      try fields.whole("max_total_failures") ?? update.maxTotalFailures
    update.rollsBackOnFailure =
      try fields.flag("rollback_on_failure") ?? update.rollsBackOnFailure
    update.waitsForBatch =
      try fields.flag("wait_for_batch_completion") ?? update.waitsForBatch
    update.pulseSeconds = try fields.whole("pulse_interval_secs")
    update.isSLAAware = try fields.flag("sla_aware") ?? false
    guard let reader = try fields.object("update_strategy") else { return }
    update.pausesAfterBatch = try reader.flag("autopause_after_batch") ?? false
    let strategy: RollingUpdate.Strategy
    // Which of the three was chosen shows only in the fields that it has.
    if reader.json["batch_sizes"] != nil {
      strategy = .variable(try reader.wholes("batch_sizes"))
    } else {
      let size = try reader.whole("batch_size") ?? 1
      strategy = reader.json["autopause_after_batch"] == nil ? .queue(size) : .batch(size)
    }
    guard strategy.isValid else {
      throw reader.fault("batch_size", "expected sizes of at least 1")
    }
    update.namedStrategy = strategy
  }

  private mutating func readHealth(_ fields: JobFields) throws(AuroraJobFault) {
    health.initialInterval =
      try fields.number("initial_interval_secs") ?? health.initialInterval
    health.interval = try fields.number("interval_secs") ?? health.interval
    health.maxFailures =
      try fields.whole("max_consecutive_failures") ?? health.maxFailures
    health.minSuccesses =
      try fields.whole("min_consecutive_successes") ?? health.minSuccesses
    guard health.interval > 0 else {
      throw fields.fault("interval_secs", "expected more than 0")
    }
    guard health.initialInterval >= 0 else {
      throw fields.fault("initial_interval_secs", "expected at least 0")
    }
    for (key, count) in [
      ("max_consecutive_failures", health.maxFailures),
      ("min_consecutive_successes", health.minSuccesses),
    ] where count < 0 {
      throw fields.fault(key, "expected at least 0")
    }
    if try fields.object("health_checker")?.object("shell") != nil { isChecked = true }
  }
}

extension AuroraJob {
  /// Reads how much has to serve; a coordinator, whom nobody could ask here, is passed over.
  private mutating func readSLA(_ fields: JobFields) throws(AuroraJobFault) {
    let rule: AuroraSLA.Rule
    if let part = try fields.number("percentage") {
      rule = .percentage(part)
    } else if let count = try fields.whole("count") {
      rule = .count(count)
    } else {
      return
    }
    let sla = AuroraSLA(rule, seconds: try fields.number("duration_secs") ?? 1800)
    guard instances >= AuroraSLA.leastInstances else {
      throw AuroraJobFault(
        fields.path, "a job of less than \(AuroraSLA.leastInstances) instances may not have one")
    }
    guard (0...7200).contains(sla.seconds) else {
      throw fields.fault("duration_secs", "expected at most two hours, 7200")
    }
    let allowed: Double =
      switch rule {
      case .percentage(let part): Double(instances) * (100 - part) / 100
      case .count(let count): Double(instances - count)
      }
    guard allowed >= 1 else {
      throw AuroraJobFault(
        fields.path, "no instance could ever be taken down; allow for at least one")
    }
    self.sla = sla
  }
}
