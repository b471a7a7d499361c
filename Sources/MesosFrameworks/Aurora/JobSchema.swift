// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which fields jobs can have: Aurora's client refuses all others, most of them being misspelt
// (`apache.aurora.config.schema`, `apache.thermos.config.schema`).

import Mesos

/// What a value of a job consists of, as far as fields go.
indirect enum JobSchema: Sendable {
  /// Anything; what reads it says what it must be.
  case value
  /// Fields, each with what it consists of.
  case fields([(key: String, schema: JobSchema)])
  /// A list of these.
  case list(JobSchema)

  /// Refuses the first field that nothing is known of.
  func check(_ json: JSONValue, at path: String) throws(AuroraJobFault) {
    switch self {
    case .value: return
    case .list(let item):
      for (index, value) in (json.array ?? []).enumerated() {
        try item.check(value, at: "\(path)[\(index)]")
      }
    case .fields(let known):
      for member in json.members ?? [] {
        guard let field = known.first(where: { $0.key == member.key }) else {
          let names = known.map(\.key)
          let hint = Suggestion.text(for: member.key, among: names)
          throw AuroraJobFault("\(path).\(member.key)", "unknown key; \(hint)")
        }
        try field.schema.check(member.value, at: "\(path).\(member.key)")
      }
    }
  }

  private static func plain(_ keys: String...) -> JobSchema {
    .fields(keys.map { ($0, .value) })
  }
}

extension JobSchema {
  /// A job, with the fields of all versions.
  static let job = JobSchema.fields([
    ("cluster", .value), ("role", .value), ("environment", .value), ("name", .value),
    ("task", task), ("instances", .value), ("service", .value), ("tier", .value),
    ("production", .value), ("priority", .value), ("max_task_failures", .value),
    ("constraints", .value), ("update_config", updateConfig),
    ("health_check_config", healthCheckConfig), ("cron_schedule", .value),
    ("cron_collision_policy", .value), ("contact", .value),
    ("partition_policy", plain("reschedule", "delay_secs")),
    (
      "sla_policy",
      plain("percentage", "count", "duration_secs", "coordinator_url", "status_key")
    ),
    ("container", container),
    ("announce", plain("primary_port", "portmap", "stats_port", "zk_path")),
    ("lifecycle", lifecycle), ("metadata", .list(plain("key", "value"))), ("task_links", .value),
    ("enable_hooks", .value), ("executor_config", .value),
  ])

  private static let task = JobSchema.fields([
    ("name", .value), ("resources", plain("cpu", "ram", "disk", "gpu")),
    (
      "processes",
      .list(
        .fields([
          ("name", .value), ("cmdline", .value), ("max_failures", .value), ("daemon", .value),
          ("ephemeral", .value), ("final", .value), ("min_duration", .value), ("logger", .value),
          ("user", .value),
        ]))
    ),
    ("constraints", .list(plain("order"))), ("max_failures", .value),
    ("max_concurrency", .value), ("finalization_wait", .value), ("user", .value),
  ])

  private static let updateConfig = JobSchema.fields([
    ("batch_size", .value), ("watch_secs", .value), ("max_per_shard_failures", .value),
    ("max_total_failures", .value), ("rollback_on_failure", .value),
    ("wait_for_batch_completion", .value), ("restart_threshold", .value),
    ("pulse_interval_secs", .value), ("sla_aware", .value),
    ("update_strategy", plain("batch_size", "batch_sizes", "autopause_after_batch")),
  ])

  private static let healthCheckConfig = JobSchema.fields([
    ("initial_interval_secs", .value), ("interval_secs", .value), ("timeout_secs", .value),
    ("max_consecutive_failures", .value), ("min_consecutive_successes", .value),
    (
      "health_checker",
      .fields([
        ("http", plain("endpoint", "expected_response", "expected_response_code")),
        ("shell", plain("shell_command")),
      ])
    ),
    // As before there was a choice of checkers.
    ("endpoint", .value), ("expected_response", .value), ("expected_response_code", .value),
  ])

  private static let lifecycle = JobSchema.fields([
    (
      "http",
      plain(
        "port", "graceful_shutdown_endpoint", "graceful_shutdown_wait_secs", "shutdown_endpoint",
        "shutdown_wait_secs")
    )
  ])

  /// A choice is written as what was chosen, or below its kind.
  private static let container = JobSchema.fields([
    ("docker", plain("image", "parameters")), ("mesos", plain("image", "volumes")),
    ("image", .value), ("parameters", .value), ("volumes", .value),
  ])
}
