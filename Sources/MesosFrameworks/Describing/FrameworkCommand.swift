// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a command of a framework's does where no program really runs. It says what the programs do
// that the framework brings; for anything else a scenario has `commands:`.

public import Mesos

/// What a command does on a simulated slave.
public struct FrameworkCommand: Hashable, Sendable {
  /// How long a command runs.
  public enum Length: Hashable, Sendable {
    /// As the command itself says (`sleep SECONDS`).
    case own
    /// Until it is ended.
    case endless
    /// So long.
    case lasting(Duration)
  }

  /// Which command lines are meant: `*` stands for any text, `?` for any character.
  public var pattern: String
  /// How long it runs when it gets the cpu it wants.
  public var length: Length
  /// What it exits with.
  public var exitCode: Int32
  /// What it really uses; what is `nil` is just what its task holds.
  public var usage: CommandUsage

  /// Describes what a command does.
  public init(
    _ pattern: String, length: Length = .own, exitCode: Int32 = 0,
    usage: CommandUsage = CommandUsage()
  ) {
    self.pattern = pattern
    self.length = length
    self.exitCode = exitCode
    self.usage = usage
  }
}
