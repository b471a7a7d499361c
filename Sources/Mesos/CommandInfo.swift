// Part of mesosim. Apache-2.0, see LICENSE.
//
// A command that a slave runs for a task.

/// A command line with what it needs around it (mesos.proto, `CommandInfo`).
///
/// In a simulation `sleep 60` runs for 60 s of simulated time and exits with 0.
public struct CommandInfo: Hashable, Sendable {
  /// Something fetched into the sandbox before the command starts.
  public struct URI: Hashable, Sendable {
    /// Where to fetch from.
    public var value: String
    /// Whether the file is made executable.
    public var isExecutable: Bool
    /// Whether an archive is unpacked.
    public var isExtracted: Bool
    /// Whether the slave keeps a copy for the next task.
    public var isCached: Bool

    /// Describes a file to fetch.
    public init(
      _ value: String, isExecutable: Bool = false, isExtracted: Bool = true, isCached: Bool = false
    ) {
      self.value = value
      self.isExecutable = isExecutable
      self.isExtracted = isExtracted
      self.isCached = isCached
    }
  }

  /// The command line (in a shell) or the program to execute (without one).
  public var value: String
  /// Whether `value` is handed to `/bin/sh -c`.
  public var usesShell: Bool
  /// The arguments, `argv[0]` included; only without a shell.
  public var arguments: [String]
  /// Environment variables, in order.
  public var environment: [EnvironmentVariable]
  /// What is fetched before the command starts.
  public var uris: [URI]
  /// The user that the command runs as; `nil` for the framework's.
  public var user: String?

  /// Describes a command.
  public init(
    _ value: String, usesShell: Bool = true, arguments: [String] = [],
    environment: [EnvironmentVariable] = [], uris: [URI] = [], user: String? = nil
  ) {
    self.value = value
    self.usesShell = usesShell
    self.arguments = arguments
    self.environment = environment
    self.uris = uris
    self.user = user
  }
}

/// One variable of a command's environment.
public struct EnvironmentVariable: Hashable, Sendable {
  /// The variable's name.
  public var name: String
  /// The variable's value.
  public var value: String

  /// Describes a variable.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}
