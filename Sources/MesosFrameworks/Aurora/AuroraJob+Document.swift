// Part of mesosim. Apache-2.0, see LICENSE.
//
// A job as the JSON that it is read from: what the executor is handed, and what is stored.

package import Mesos

extension AuroraJob {
  /// The job as its client would hand it in, all defaults written out; reading it gives the job.
  package var document: JSONValue {
    let written = constraints.map { JSONValue.Member(key: $0.name, value: .text($0.text)) }
    var members: [(String, JSONValue)] = [
      ("cluster", .text(cluster)), ("role", .text(role)), ("environment", .text(environment)),
      ("name", .text(name)), ("instances", .number(instances)), ("service", .bool(isService)),
      ("priority", .number(priority)), ("production", .bool(isProduction)),
      ("max_task_failures", .number(maxTaskFailures)),
      ("cron_collision_policy", .text(collisionPolicy.rawValue)),
      ("constraints", JSONValue(.object(written))), ("update_config", update.document),
      ("health_check_config", healthDocument), ("task", taskDocument),
      (
        "partition_policy",
        .object([
          "reschedule": .bool(partitionPolicy.reschedules),
          "delay_secs": .number(partitionPolicy.delaySeconds),
        ])
      ),
    ]
    if let tier { members.append(("tier", .text(tier.rawValue))) }
    if let cronSchedule { members.append(("cron_schedule", .text(cronSchedule))) }
    if let contact { members.append(("contact", .text(contact))) }
    if let image { members.append(("container", .object(["image": .text(image)]))) }
    if let sla { members.append(("sla_policy", sla.document)) }
    return JSONValue(.object(members.map { JSONValue.Member(key: $0.0, value: $0.1) }))
  }

  private var taskDocument: JSONValue {
    let megabyte = Double(1 << 20)
    return .object([
      "resources": .object([
        "cpu": .number(amounts.cpus),
        "ram": .number(amounts.ram * megabyte), "disk": .number(amounts.disk * megabyte),
      ]),
      "processes": .array(task.processes.map(\.document)),
      "constraints": .array(
        task.order.map { names in .object(["order": .array(names.map { .text($0) })]) }),
      "max_failures": .number(task.maxFailures),
      "max_concurrency": .number(task.maxConcurrency),
      "finalization_wait": .number(task.finalizationWait.inSeconds),
    ])
  }

  private var healthDocument: JSONValue {
    let rules: KeyValuePairs<String, JSONValue> = [
      "initial_interval_secs": .number(health.initialInterval),
      "interval_secs": .number(health.interval),
      "max_consecutive_failures": .number(health.maxFailures),
      "min_consecutive_successes": .number(health.minSuccesses),
    ]
    var members = rules.map { JSONValue.Member(key: $0.key, value: $0.value) }
    if isChecked, !ports.contains("health") {
      members.append(
        JSONValue.Member(key: "health_checker", value: .object(["shell": .object([:])])))
    }
    return JSONValue(.object(members))
  }
}

extension ThermosProcess {
  fileprivate var document: JSONValue {
    .object([
      "name": .text(name), "cmdline": .text(commandLine), "max_failures": .number(maxFailures),
      "daemon": .bool(isDaemon), "ephemeral": .bool(isEphemeral), "final": .bool(isFinal),
      "min_duration": .number(minDuration.inSeconds),
    ])
  }
}

extension AuroraJob.UpdateConfig {
  fileprivate var document: JSONValue {
    var members: [(String, JSONValue)] = [
      ("batch_size", .number(batchSize)), ("watch_secs", .number(watchSeconds)),
      ("max_per_shard_failures", .number(maxPerShardFailures)),
      ("max_total_failures", .number(maxTotalFailures)),
      ("rollback_on_failure", .bool(rollsBackOnFailure)),
      ("wait_for_batch_completion", .bool(waitsForBatch)), ("sla_aware", .bool(isSLAAware)),
    ]
    if let pulseSeconds { members.append(("pulse_interval_secs", .number(pulseSeconds))) }
    switch namedStrategy {
    case .queue(let size)?:
      members.append(("update_strategy", .object(["batch_size": .number(size)])))
    case .batch(let size)?:
      members.append(
        (
          "update_strategy",
          .object([
            "batch_size": .number(size), "autopause_after_batch": .bool(pausesAfterBatch),
          ])
        ))
    case .variable(let sizes)?:
      members.append(
        (
          "update_strategy",
          .object([
            "batch_sizes": .array(sizes.map { .number($0) }),
            "autopause_after_batch": .bool(pausesAfterBatch),
          ])
        ))
    case nil: break
    }
    return JSONValue(.object(members.map { JSONValue.Member(key: $0.0, value: $0.1) }))
  }
}

extension AuroraSLA {
  fileprivate var document: JSONValue {
    let duration = JSONValue.number(seconds)
    return switch rule {
    case .percentage(let part):
      .object(["percentage": .number(part), "duration_secs": duration])
    case .count(let count): .object(["count": .number(count), "duration_secs": duration])
    }
  }
}
