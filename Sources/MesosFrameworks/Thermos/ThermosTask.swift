// Part of mesosim. Apache-2.0, see LICENSE.
//
// What Thermos runs: a task of processes with an order among them (Aurora's executor,
// `apache.thermos.config.schema`).

/// One process of a task.
public struct ThermosProcess: Hashable, Sendable {
  /// The name, unique in its task.
  public var name: String
  /// What the shell is given.
  public var commandLine: String
  /// How many failures there may be before the process counts as failed; 0 for any number.
  public var maxFailures: Int
  /// Whether it is to run again after it has succeeded.
  public var isDaemon: Bool
  /// Whether the task may end while it runs, and whatever comes of it.
  public var isEphemeral: Bool
  /// Whether it runs after all the others, when the task is finalized.
  public var isFinal: Bool
  /// How long after the end of a run the next may begin.
  public var minDuration: Duration

  /// Describes a process; Thermos's defaults for what is left out.
  public init(
    _ name: String, commandLine: String = "", maxFailures: Int = 1, isDaemon: Bool = false,
    isEphemeral: Bool = false, isFinal: Bool = false, minDuration: Duration = .seconds(5)
  ) {
    self.name = name
    self.commandLine = commandLine
    self.maxFailures = maxFailures
    self.isDaemon = isDaemon
    self.isEphemeral = isEphemeral
    self.isFinal = isFinal
    self.minDuration = minDuration
  }
}

/// A task: processes, and in which order they run.
public struct ThermosTask: Hashable, Sendable {
  /// The processes; those that may start at once start in this order.
  public var processes: [ThermosProcess]
  /// Lists of names, each process after the one before it.
  public var order: [[String]]
  /// How many processes may fail before the task does; 0 for any number.
  public var maxFailures: Int
  /// How many processes may run at once; 0 for any number.
  public var maxConcurrency: Int
  /// How long stopping what runs and the final processes may take together.
  public var finalizationWait: Duration

  /// Describes a task; Thermos's defaults for what is left out.
  public init(
    _ processes: [ThermosProcess], order: [[String]] = [], maxFailures: Int = 1,
    maxConcurrency: Int = 0, finalizationWait: Duration = .seconds(30)
  ) {
    self.processes = processes
    self.order = order
    self.maxFailures = maxFailures
    self.maxConcurrency = maxConcurrency
    self.finalizationWait = finalizationWait
  }
}

/// Says why a task cannot be run.
public enum ThermosFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// A name is empty, has a slash or begins with a point.
  case name(String)
  /// Two processes have the same name.
  case repeated(String)
  /// An order names a process that is not there, or mixes final processes with others.
  case order([String])
  /// A process would have to run after itself.
  case cycle(String)
  /// A process waits for a daemon, which never is done.
  case afterDaemon(String, daemon: String)
  /// A process that must succeed waits for one that need not.
  case afterEphemeral(String, ephemeral: String)

  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .name(let name):
      "process '\(name)': expected a name that is not empty, has no '/' and begins with no '.'"
    case .repeated(let name): "two processes are named '\(name)'; name each differently"
    case .order(let names):
      "order(\(names.joined(separator: ", "))): expected names of this task's processes, all of "
        + "them final or none"
    case .cycle(let name):
      "process '\(name)' would have to run after itself; take one of its orders away"
    case .afterDaemon(let name, let daemon):
      "process '\(name)' may not depend on daemon process '\(daemon)', which never is done"
    case .afterEphemeral(let name, let ephemeral):
      "process '\(name)' may not depend on ephemeral process '\(ephemeral)'; make it ephemeral, too"
    }
  }
}

extension ThermosTask {
  /// Checks names and orders, and finds out what each process waits for.
  ///
  /// - Returns: For each process the positions of those that must have finished before.
  /// - Throws: `ThermosFault` for the first thing that is wrong.
  func predecessors() throws(ThermosFault) -> [[Int]] {
    var positions: [String: Int] = [:]
    for (index, process) in processes.enumerated() {
      let name = process.name
      if name.isEmpty || name.hasPrefix(".") || name.utf8.contains(UInt8(ascii: "/")) {
        throw .name(name)
      }
      if positions.updateValue(index, forKey: name) != nil { throw .repeated(name) }
    }
    var before = [[Int]](repeating: [], count: processes.count)
    for names in order {
      let known = names.compactMap { positions[$0] }
      // Thermos looks at each plan alone, and so an order of which it knows nothing goes unnoticed.
      if known.isEmpty { continue }
      let finals = known.count { processes[$0].isFinal }
      guard known.count == names.count, finals == 0 || finals == known.count else {
        throw .order(names)
      }
      for (earlier, later) in zip(known, known.dropFirst()) where !before[later].contains(earlier) {
        before[later].append(earlier)
      }
    }
    try check(before)
    return before
  }

  private func check(_ before: [[Int]]) throws(ThermosFault) {
    for (index, process) in processes.enumerated() {
      for earlier in before[index].map({ processes[$0] }) {
        if earlier.isDaemon { throw .afterDaemon(process.name, daemon: earlier.name) }
        if earlier.isEphemeral && !process.isEphemeral {
          throw .afterEphemeral(process.name, ephemeral: earlier.name)
        }
      }
    }
    // What is left when everything that can run has run, again and again, waits for itself.
    var left = Array(processes.indices)
    while !left.isEmpty {
      let stuck = left.filter { before[$0].contains(where: left.contains) }
      if stuck.count == left.count { throw .cycle(processes[left[0]].name) }
      left = stuck
    }
  }

  /// Checks names and orders.
  ///
  /// - Throws: `ThermosFault` for the first thing that is wrong.
  public func check() throws(ThermosFault) { _ = try predecessors() }
}
