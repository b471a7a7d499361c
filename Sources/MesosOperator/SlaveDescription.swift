// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is said of a slave beside what it knows: how it was started, what it was built from, and who
// may ask it anything.

import Mesos
public import MesosCluster
public import VirtualTime

/// What is said of a slave beside what it knows.
public struct SlaveDescription: Sendable {
  /// What it was built from.
  public var build = MasterDescription.Build()
  /// Who may ask.
  public var authentication = MasterDescription.Authentication()
  /// Who may see and do what (`--acls`); `nil` where everybody may do everything.
  public var acls: ACLs?
  /// The flags that it was started with, by name, beside the usual ones.
  public var flags: [String: String]
  /// When it was started.
  public var startedAt = Instant.start
  /// Calendar time of instant 0, in seconds since 1970.
  public var epoch: Int64 = 0
  /// The host name of the master, as the slave finds it by its address.
  public var masterHostname = "localhost"
  /// Whether the paths of Mesos before 1.0 are served as well, such as `/state.json`.
  public var servesOldPaths = false

  /// Describes a slave by the flags that it was started with.
  public init(flags: [String: String] = [:]) {
    self.flags = flags
    authentication.isForReaders = flags["authenticate_http_readonly"] == "true"
    authentication.isForWriters = flags["authenticate_http_readwrite"] == "true"
  }

  /// The folder in which everything of the slave is.
  var workFolder: String { flags["work_dir"] ?? "/var/lib/mesos" }

  /// What a slave of Mesos 1.11 that is started without flags says of its flags.
  private static let usualFlags = [
    "appc_simple_discovery_uri_prefix": "http://", "appc_store_dir": "/tmp/mesos/store/appc",
    "authenticate_http_executors": "false", "authenticate_http_readonly": "false",
    "authenticate_http_readwrite": "false", "authenticatee": "crammd5",
    "authentication_backoff_factor": "1secs", "authentication_timeout_max": "1mins",
    "authentication_timeout_min": "5secs", "authorizer": "local",
    "cgroups_cpu_enable_pids_and_tids_count": "false", "cgroups_destroy_timeout": "1mins",
    "cgroups_enable_cfs": "false", "cgroups_hierarchy": "/sys/fs/cgroup",
    "cgroups_limit_swap": "false", "cgroups_root": "mesos",
    "container_disk_watch_interval": "15secs", "containerizers": "mesos", "default_role": "*",
    "disallow_sharing_agent_ipc_namespace": "false",
    "disallow_sharing_agent_pid_namespace": "false", "docker_ignore_runtime": "false",
    "docker_volume_chown": "false", "network_cni_root_dir_persist": "false",
    "zk_session_timeout": "10secs",
    "disk_watch_interval": "1mins", "docker": "docker", "docker_kill_orphans": "true",
    "docker_registry": "https://registry-1.docker.io", "docker_remove_delay": "6hrs",
    "docker_socket": "/var/run/docker.sock", "docker_stop_timeout": "0ns",
    "docker_store_dir": "/tmp/mesos/store/docker",
    "docker_volume_checkpoint_dir": "/var/run/mesos/isolators/docker/volume",
    "enforce_container_disk_quota": "false", "executor_registration_timeout": "1mins",
    "executor_reregistration_timeout": "2secs", "executor_shutdown_grace_period": "5secs",
    "fetcher_cache_dir": "/tmp/mesos/fetch", "fetcher_cache_size": "2GB",
    "fetcher_stall_timeout": "1mins", "frameworks_home": "", "gc_delay": "1weeks",
    "gc_disk_headroom": "0.1", "gc_non_executor_container_sandboxes": "false", "help": "false",
    "hostname_lookup": "true", "http_command_executor": "false",
    "http_heartbeat_interval": "30secs", "initialize_driver_logging": "true",
    "isolation": "posix/cpu,posix/mem", "launcher": "posix", "launcher_dir": "/usr/libexec/mesos",
    "logbufsecs": "0", "logging_level": "INFO", "max_completed_executors_per_framework": "150",
    "memory_profiling": "false", "network_cni_metrics": "true",
    "oversubscribed_resources_interval": "15secs", "perf_duration": "10secs",
    "perf_interval": "1mins", "port": "5051", "qos_correction_interval_min": "0ns",
    "quiet": "false", "reconfiguration_policy": "equal", "recover": "reconnect",
    "recovery_timeout": "15mins", "registration_backoff_factor": "1secs",
    "revocable_cpu_low_priority": "true", "runtime_dir": "/var/run/mesos",
    "sandbox_directory": "/mnt/mesos/sandbox", "strict": "true", "switch_user": "true",
    "systemd_enable_support": "true", "systemd_runtime_directory": "/run/systemd/system",
    "version": "false", "work_dir": "/var/lib/mesos",
  ]

  /// All flags, by name, of a slave that introduces itself so.
  func allFlags(_ info: SlaveInfo) -> [(key: String, value: String)] {
    var all = Self.usualFlags
    all["hostname"] = info.hostname
    all["port"] = String(info.port)
    all.merge(flags) { $1 }
    return all.sorted { $0.key < $1.key }
  }

  /// The folder of an executor's run (Mesos: `slave/paths.cpp`).
  func folder(
    of executor: SlaveSnapshot.Executor, _ framework: FrameworkInfo, _ slave: SlaveID?
  ) -> String {
    "\(workFolder)/slaves/\(slave?.value ?? "")/frameworks/\(framework.id?.value ?? "")"
      + "/executors/\(executor.info.executorID)/runs/\(executor.container)"
  }
}
