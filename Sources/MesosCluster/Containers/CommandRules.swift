// Part of mesosim. Apache-2.0, see LICENSE.
//
// What commands, files and images do in simulated time, as plain values that a scenario can say.

public import Mesos
public import SimulationKernel
import VirtualTime

/// What commands do, and how long files and images take to arrive; the first match counts.
public struct CommandRules: Hashable, Sendable {
  /// Rules for command lines; `sleep SECONDS` needs none.
  public var commands: [CommandRule]
  /// Rules for the addresses of files; what matches none arrives at once.
  public var files: [FetchRule]
  /// Rules for the names of images; what matches none arrives at once.
  public var images: [FetchRule]
  /// Rules for executors whose programs are not there to be run.
  public var executors: [ExecutorRule]

  /// Gathers rules.
  public init(
    commands: [CommandRule] = [], files: [FetchRule] = [], images: [FetchRule] = [],
    executors: [ExecutorRule] = []
  ) {
    self.commands = commands
    self.files = files
    self.images = images
    self.executors = executors
  }

  /// The first rule for a command line.
  func rule(for line: String) -> CommandRule? {
    if commands.isEmpty { return nil }
    return commands.first { Glob.matches(line, $0.pattern) }
  }
}

/// What a command does.
///
///     CommandRule("./server *", length: .endless, onTerminate: .ends(after: .seconds(1)))
public struct CommandRule: Hashable, Sendable {
  /// How long a command runs.
  public enum Length: Hashable, Sendable {
    /// As the command itself says (`sleep SECONDS`).
    case own
    /// Until it is ended.
    case endless
    /// So many seconds, drawn for each task by its framework and id; negative counts as 0.
    case drawn(Distribution)
  }

  /// What a command does when it is asked to end (SIGTERM).
  public enum Termination: Hashable, Sendable {
    /// It ends, so much later.
    case ends(after: Duration)
    /// It goes on until it is killed (SIGKILL).
    case ignored
  }

  /// Which command lines are meant: `*` stands for any text, `?` for any character.
  public var pattern: String
  /// How long it runs when it gets the cpu it wants.
  public var length: Length
  /// What it exits with.
  public var exitCode: Int32
  /// What successive runs of it by one executor exit with instead, the last from then on; a task's
  /// own command is run once.
  public var exitCodes: [Int32]
  /// The share of runs, 0 to 1, that exit so; the others exit with 0.
  public var exitCodeShare: Double
  /// What it prints.
  public var output: String
  /// What it really uses; what is `nil` is just what its task holds.
  public var usage: CommandUsage
  /// What it does when it is asked to end.
  public var onTerminate: Termination
  /// How health checks of it come out, in the order of time; before the first it is healthy.
  public var health: [HealthPhase]

  /// Describes what a command does.
  public init(
    _ pattern: String, length: Length = .own, exitCode: Int32 = 0, exitCodes: [Int32] = [],
    exitCodeShare: Double = 1, output: String = "", usage: CommandUsage = CommandUsage(),
    onTerminate: Termination = .ends(after: .zero), health: [HealthPhase] = []
  ) {
    self.pattern = pattern
    self.length = length
    self.exitCode = exitCode
    self.exitCodes = exitCodes
    self.exitCodeShare = exitCodeShare
    self.output = output
    self.usage = usage
    self.onTerminate = onTerminate
    self.health = health
  }
}

/// How a file or an image arrives at a slave.
public struct FetchRule: Hashable, Sendable {
  /// Which addresses or names are meant: `*` stands for any text, `?` for any character.
  public var pattern: String
  /// Its size, in MB.
  public var megabytes: Double
  /// How fast it comes, in MB/s; must be positive to count.
  public var megabytesPerSecond: Double
  /// Why it does not arrive in the end; `nil` when it does.
  public var failure: String?

  /// Describes how something arrives.
  public init(
    _ pattern: String, megabytes: Double, megabytesPerSecond: Double, failure: String? = nil
  ) {
    self.pattern = pattern
    self.megabytes = megabytes
    self.megabytesPerSecond = megabytesPerSecond
    self.failure = failure
  }

  /// How long it takes to arrive.
  var duration: Duration {
    guard megabytesPerSecond > 0 else { return .zero }
    return max(.zero, .rounded(seconds: megabytes / megabytesPerSecond))
  }
}
