// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a command really uses, as plain values: frameworks say it of the programs that they bring,
// scenarios of all others.

/// What a command really uses, whatever its task holds.
public struct CommandUsage: Hashable, Sendable {
  /// An amount that may grow (or shrink) evenly at first and then stays.
  public struct Course: Hashable, Sendable {
    /// What is used in the beginning, in MB.
    public var from: Double
    /// What is used in the end, in MB.
    public var to: Double
    /// How long it takes to get there.
    public var over: Duration

    /// Describes an amount that changes.
    public init(from: Double, to: Double, over: Duration) {
      self.from = from
      self.to = to
      self.over = over
    }

    /// An amount that stays, in MB.
    public static func constant(_ megabytes: Double) -> Course {
      Course(from: megabytes, to: megabytes, over: .zero)
    }
  }

  /// How many cpus it keeps busy when it gets them.
  public var cpus: Double?
  /// Its memory, in MB.
  public var mem: Course?
  /// Its disk, in MB.
  public var disk: Course?

  /// Describes what is used.
  public init(cpus: Double? = nil, mem: Course? = nil, disk: Course? = nil) {
    self.cpus = cpus
    self.mem = mem
    self.disk = disk
  }
}
