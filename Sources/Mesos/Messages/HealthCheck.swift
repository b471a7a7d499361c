// Part of mesosim. Apache-2.0, see LICENSE.
//
// Checks that an executor makes of a task: health checks, which kill, and checks that only report.

/// How a task is checked (mesos.proto, `HealthCheck.Type` and `CheckInfo.Type`).
public enum CheckKind: UInt8, Hashable, Sendable {
  /// Not understood by this version.
  case unknown = 0
  /// A command is run beside it; it does well when the command exits with 0.
  case command = 1
  /// A page is fetched from it; it does well when the status is 200 to 399.
  case http = 2
  /// A connection is made to it; it does well when that succeeds.
  case tcp = 3
}

/// How an executor sees whether a task is healthy, and when it kills it
/// (mesos.proto, `HealthCheck`).
///
///     task.healthCheck = .http(port: 31000, path: "/health")
///
/// Failures count while the task has been healthy before, or once the grace period is over; so many
/// in a row end in TASK_KILLED with `isHealthy` false.
public struct HealthCheck: Hashable, Sendable {
  /// A page to fetch from the task.
  public struct HTTP: Hashable, Sendable {
    /// The port on the task's host.
    public var port: UInt32
    /// The path, beginning with `/`; `nil` for `/`.
    public var path: String?
    /// `http` or `https`; `nil` for `http`.
    public var scheme: String?
    /// The statuses that count as healthy; none named for 200 to 399.
    public var statuses: [UInt32]

    /// Describes a page.
    public init(port: UInt32, path: String? = nil, scheme: String? = nil, statuses: [UInt32] = []) {
      self.port = port
      self.path = path
      self.scheme = scheme
      self.statuses = statuses
    }
  }

  /// A port to connect to.
  public struct TCP: Hashable, Sendable {
    /// The port on the task's host.
    public var port: UInt32
    /// Describes a port.
    public init(port: UInt32) { self.port = port }
  }

  /// How the task is checked; where it is `nil`, `inferredKind` says whether that is accepted.
  public var kind: CheckKind?
  /// The command to run, for checks by command; its `value` must not be empty.
  public var command: CommandInfo?
  /// The page to fetch, for checks by HTTP.
  public var http: HTTP?
  /// The port to connect to, for checks by TCP.
  public var tcp: TCP?
  /// Seconds from TASK_RUNNING to the first check.
  public var delaySeconds: Double
  /// Seconds from the end of a check to the next.
  public var intervalSeconds: Double
  /// Seconds after which a check counts as failed; 0 for never.
  public var timeoutSeconds: Double
  /// How many failures in a row kill the task; 0 counts as 1.
  public var consecutiveFailures: UInt32
  /// Seconds from the start of the task in which failures before the first success don't count.
  public var gracePeriodSeconds: Double

  /// Describes a health check; what is left out gets the defaults of mesos.proto.
  public init(
    _ kind: CheckKind?, command: CommandInfo? = nil, http: HTTP? = nil, tcp: TCP? = nil,
    delaySeconds: Double = 15, intervalSeconds: Double = 10, timeoutSeconds: Double = 20,
    consecutiveFailures: UInt32 = 3, gracePeriodSeconds: Double = 10
  ) {
    self.kind = kind
    self.command = command
    self.http = http
    self.tcp = tcp
    self.delaySeconds = delaySeconds
    self.intervalSeconds = intervalSeconds
    self.timeoutSeconds = timeoutSeconds
    self.consecutiveFailures = consecutiveFailures
    self.gracePeriodSeconds = gracePeriodSeconds
  }

  /// A check by a command, with the defaults of mesos.proto.
  public static func command(_ command: CommandInfo) -> HealthCheck {
    HealthCheck(.command, command: command)
  }

  /// A check by HTTP, with the defaults of mesos.proto.
  public static func http(port: UInt32, path: String? = nil) -> HealthCheck {
    HealthCheck(.http, http: HTTP(port: port, path: path))
  }

  /// A check by TCP, with the defaults of mesos.proto.
  public static func tcp(port: UInt32) -> HealthCheck { HealthCheck(.tcp, tcp: TCP(port: port)) }

  /// The kind, or the one that a launch of single tasks takes it for: command or HTTP, where just
  /// one of the two is described (Rules 3.3, row 5); `nil` for a check that is refused.
  public var inferredKind: CheckKind? {
    if let kind { return kind }
    switch (command, http) {
    case (.some, nil): return .command
    case (nil, .some): return .http
    case (.some, .some), (nil, nil): return nil
    }
  }
}

/// How an executor watches a task without ever killing it (mesos.proto, `CheckInfo`).
///
/// Changes of what is seen are reported in `TaskStatus.checkStatus`.
public struct CheckInfo: Hashable, Sendable {
  /// How the task is checked; must be set.
  public var kind: CheckKind?
  /// The command to run, for checks by command; its `value` must not be empty.
  public var command: CommandInfo?
  /// The page to fetch, for checks by HTTP; scheme and statuses play no part.
  public var http: HealthCheck.HTTP?
  /// The port to connect to, for checks by TCP.
  public var tcp: HealthCheck.TCP?
  /// Seconds from TASK_RUNNING to the first check.
  public var delaySeconds: Double
  /// Seconds from the end of a check to the next.
  public var intervalSeconds: Double
  /// Seconds after which a check has no outcome; 0 for never.
  public var timeoutSeconds: Double

  /// Describes a check; what is left out gets the defaults of mesos.proto.
  public init(
    _ kind: CheckKind?, command: CommandInfo? = nil, http: HealthCheck.HTTP? = nil,
    tcp: HealthCheck.TCP? = nil, delaySeconds: Double = 15, intervalSeconds: Double = 10,
    timeoutSeconds: Double = 20
  ) {
    self.kind = kind
    self.command = command
    self.http = http
    self.tcp = tcp
    self.delaySeconds = delaySeconds
    self.intervalSeconds = intervalSeconds
    self.timeoutSeconds = timeoutSeconds
  }
}

/// What a check has seen (mesos.proto, `CheckStatusInfo`); `nil` where it saw nothing yet.
public enum CheckStatus: Hashable, Sendable {
  /// The exit code of the command.
  case command(exitCode: Int32?)
  /// The status of the page.
  case http(status: UInt32?)
  /// Whether there was a connection.
  case tcp(isConnected: Bool?)
}
