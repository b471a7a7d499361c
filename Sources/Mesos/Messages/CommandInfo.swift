// Part of mesosim. Apache-2.0, see LICENSE.
//
// A command that a slave runs: a task's own, an executor's, or that of a check.

/// A command line with what it needs around it (mesos.proto, `CommandInfo`).
///
/// In a simulation `sleep 60` runs for 60 s of simulated time and exits with 0. All of it is behind
/// one reference, as for `TaskInfo`: tasks that are given the same command share it.
public struct CommandInfo: Hashable, Sendable {
  /// Something fetched into the sandbox before the command starts (mesos.proto, `CommandInfo.URI`).
  public struct URI: Hashable, Sendable {
    /// Where to fetch from.
    public var value: String
    /// Whether the file is made executable.
    public var isExecutable: Bool
    /// Whether an archive is unpacked; what is executable never is.
    public var isExtracted: Bool
    /// Whether the slave keeps a copy for the next task.
    public var isCached: Bool
    /// Where in the sandbox the file is put; `nil` for the last part of `value`.
    public var outputFile: String?

    /// Describes a file to fetch.
    public init(
      _ value: String, isExecutable: Bool = false, isExtracted: Bool = true, isCached: Bool = false,
      outputFile: String? = nil
    ) {
      self.value = value
      self.isExecutable = isExecutable
      self.isExtracted = isExtracted
      self.isCached = isCached
      self.outputFile = outputFile
    }
  }

  @usableFromInline struct Body: Hashable, Sendable {
    @usableFromInline var value: String
    @usableFromInline var usesShell: Bool
    @usableFromInline var arguments: [String]
    @usableFromInline var environment: [EnvironmentVariable]
    @usableFromInline var uris: [URI]
    @usableFromInline var user: String?
  }

  @Boxed @usableFromInline var body: Body

  /// The command line (in a shell) or the program to execute (without one); empty for none.
  public var value: String {
    @inlinable get { body.value }
    set { body.value = newValue }
  }

  /// Whether `value` is handed to `/bin/sh -c`.
  public var usesShell: Bool {
    @inlinable get { body.usesShell }
    set { body.usesShell = newValue }
  }

  /// The arguments, `argv[0]` included; only without a shell.
  public var arguments: [String] {
    @inlinable get { body.arguments }
    set { body.arguments = newValue }
  }

  /// Environment variables, in order.
  public var environment: [EnvironmentVariable] {
    @inlinable get { body.environment }
    set { body.environment = newValue }
  }

  /// What is fetched before the command starts.
  public var uris: [URI] {
    @inlinable get { body.uris }
    set { body.uris = newValue }
  }

  /// The user that the command runs as; `nil` for the framework's.
  public var user: String? {
    @inlinable get { body.user }
    set { body.user = newValue }
  }

  /// Describes a command.
  public init(
    _ value: String, usesShell: Bool = true, arguments: [String] = [],
    environment: [EnvironmentVariable] = [], uris: [URI] = [], user: String? = nil
  ) {
    _body = Boxed(
      Body(
        value: value, usesShell: usesShell, arguments: arguments, environment: environment,
        uris: uris, user: user))
  }
}

extension CommandInfo {
  /// Whether both commands are one to a slave on which an executor with the other runs already.
  ///
  /// The order of files to fetch and of environment variables plays no part, nor does whether files
  /// are cached (Mesos: `common/type_utils.cpp`).
  public func isCompatible(with other: CommandInfo) -> Bool {
    func uncached(_ uris: [URI]) -> [URI] {
      uris.map { uri in
        var uri = uri
        uri.isCached = false
        return uri
      }
    }
    return value == other.value && usesShell == other.usesShell && arguments == other.arguments
      && user == other.user && environment.isPermutation(of: other.environment)
      && uncached(uris).isPermutation(of: uncached(other.uris))
  }
}

/// One variable of a command's environment (mesos.proto, `Environment.Variable`).
///
/// The master accepts exactly one of `value` and `secret`.
public struct EnvironmentVariable: Hashable, Sendable {
  /// What kind of value a variable has (mesos.proto, `Environment.Variable.Type`).
  public enum Kind: UInt8, Hashable, Sendable {
    /// Not understood by this version.
    case unknown = 0
    /// One that everybody may read.
    case value = 1
    /// One that only the task may read.
    case secret = 2
  }

  /// The variable's name.
  public var name: String
  /// The variable's value, where it may be read by everybody.
  public var value: String?
  /// The variable's value, where it may not.
  public var secret: Secret?
  /// What it is said to be; `nil` where that is left to what it has.
  public var kind: Kind?

  /// Describes a variable that everybody may read.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// Describes a variable that only the task may read.
  public init(name: String, secret: Secret) {
    self.name = name
    self.secret = secret
  }

  /// Describes a variable as it was sent, right or wrong.
  package init(name: String, kind: Kind?, value: String?, secret: Secret?) {
    self.name = name
    self.kind = kind
    self.value = value
    self.secret = secret
  }
}

/// Something that only its reader may know (mesos.proto, `Secret`).
public enum Secret: Hashable, Sendable {
  /// The name of a secret in a store, and of one value in it.
  case reference(name: String, key: String? = nil)
  /// The secret itself.
  case value([UInt8])
}
