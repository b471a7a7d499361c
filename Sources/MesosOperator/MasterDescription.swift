// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is said of a master beside what it keeps in its books: how it was started, what it was built
// from, and who may ask it anything.

public import Mesos
public import VirtualTime

/// What is said of a master beside what it keeps in its books.
public struct MasterDescription: Sendable {
  /// What a master was built from.
  public struct Build: Hashable, Sendable {
    /// The version.
    public var version = "1.11.0"
    /// The commit.
    public var commit = "04bc7ee1984d86fbb0bd782ccc69ce44c13ae4b9"
    /// When it was built.
    public var date = "2020-11-24 15:38:37"
    /// When it was built, in seconds since 1970.
    public var seconds = 1_606_232_317.0
    /// Who built it.
    public var user = "ubuntu"

    /// The last release of Mesos.
    public init() {}
  }

  /// Who may ask.
  public struct Authentication: Hashable, Sendable {
    /// Whether those who only look must say who they are (`--authenticate_http_readonly`).
    public var isForReaders = false
    /// Whether those who change something must (`--authenticate_http_readwrite`).
    public var isForWriters = false
    /// Whether schedulers must (`--authenticate_http_frameworks`).
    public var isForSchedulers = false
    /// Whom it knows (`--credentials`).
    public var credentials: [Credential] = []

    /// Everybody may ask.
    public init() {}
  }

  /// What it was built from.
  public var build = Build()
  /// Who may ask.
  public var authentication = Authentication()
  /// The flags that it was started with, by name, beside the usual ones.
  public var flags: [String: String]
  /// When it was started, and elected.
  public var startedAt = Instant.start
  /// Calendar time of instant 0, in seconds since 1970.
  public var epoch: Int64 = 0
  /// Whether the paths of Mesos before 1.0 are served as well, such as `/state.json`.
  public var servesOldPaths = false

  /// Describes a master by the flags that it was started with.
  public init(flags: [String: String] = [:]) {
    self.flags = flags
    authentication.isForReaders = flags["authenticate_http_readonly"] == "true"
    authentication.isForWriters = flags["authenticate_http_readwrite"] == "true"
    authentication.isForSchedulers = flags["authenticate_http_frameworks"] == "true"
  }

  /// What a master of Mesos 1.11 that is started without flags says of its flags.
  static let usualFlags = [
    "agent_ping_timeout": "15secs", "agent_reregister_timeout": "10mins",
    "allocation_interval": "1secs", "allocator": "hierarchical",
    "allocator_agent_recovery_factor": "0.8", "allocator_recovery_timeout": "10mins",
    "authenticate_agents": "false", "authenticate_frameworks": "false",
    "authenticate_http_frameworks": "false", "authenticate_http_readonly": "false",
    "authenticate_http_readwrite": "false", "authentication_v0_timeout": "15secs",
    "authenticators": "crammd5", "authorizers": "local", "filter_gpu_resources": "true",
    "framework_sorter": "drf", "help": "false", "hostname_lookup": "true",
    "http_authenticators": "basic", "initialize_driver_logging": "true",
    "log_auto_initialize": "true", "logbufsecs": "0", "logging_level": "INFO",
    "max_agent_ping_timeouts": "5", "max_completed_frameworks": "50",
    "max_completed_tasks_per_framework": "1000",
    "max_operator_event_stream_subscribers": "1000",
    "max_unreachable_tasks_per_framework": "1000", "memory_profiling": "false",
    "min_allocatable_resources": "cpus:0.01|mem:32", "offer_constraints_re2_max_mem": "4KB",
    "offer_constraints_re2_max_program_size": "100", "publish_per_framework_metrics": "true",
    "quiet": "false", "recovery_agent_removal_limit": "100%", "registry": "in_memory",
    "registry_fetch_timeout": "1mins", "registry_gc_interval": "15mins",
    "registry_max_agent_age": "2weeks", "registry_max_agent_count": "102400",
    "registry_store_timeout": "20secs", "registry_strict": "false",
    "require_agent_domain": "false", "role_sorter": "drf", "root_submissions": "true",
    "version": "false", "webui_dir": "/usr/share/mesos/webui", "work_dir": "/var/lib/mesos",
    "zk_session_timeout": "10secs",
  ]

  /// All flags, by name, of a master that introduces itself so.
  func allFlags(_ info: MasterInfo) -> [(key: String, value: String)] {
    var all = Self.usualFlags
    all["hostname"] = info.hostname
    all["port"] = String(info.port)
    all.merge(flags) { $1 }
    return all.sorted { $0.key < $1.key }
  }
}
