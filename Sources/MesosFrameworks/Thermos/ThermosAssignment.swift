// Part of mesosim. Apache-2.0, see LICENSE.
//
// What Aurora's executor is handed with a task: its processes, and how it is checked.

import Mesos

/// A task for Aurora's executor.
public struct ThermosAssignment: Sendable {
  /// The task, not begun.
  public var run: ThermosRun
  /// Whether it goes on until somebody ends it.
  public var isService: Bool
  /// How it is checked; `nil` when it is not.
  public var health: HealthWatch.Rules?
  /// Whether it counts as running before any check has succeeded, as in early versions.
  public var runsUnchecked: Bool
  /// What stands for the references in command lines, such as `mesos.instance`.
  public var references: [String: String] = [:]
  /// The command lines of the processes.
  private var commandLines: [ThermosCommandLine]

  /// Describes a task.
  public init(
    _ run: ThermosRun, isService: Bool = false, health: HealthWatch.Rules? = nil,
    runsUnchecked: Bool = false
  ) {
    self.run = run
    self.isService = isService
    self.health = health
    self.runsUnchecked = runsUnchecked
    commandLines = run.task.processes.map { ThermosCommandLine($0.commandLine) }
  }

  /// What comes of a command of which nothing is said: of a service what nothing waits for goes on
  /// until it is ended, and so do daemons; all others succeed within a second.
  func usualRun(of index: Int) -> CommandRun {
    let process = run.task.processes[index]
    let isEndless = process.isDaemon || (isService && !process.isFinal && run.isLast(index))
    return CommandRun(isEndless ? nil : .seconds(1))
  }

  /// Whether anything stands for a reference in a command line.
  var hasReferences: Bool { commandLines.contains(where: \.hasReferences) }

  /// The command line of a process, as its shell is given it.
  func commandLine(of index: Int) -> String { commandLines[index].text(references) }
}

extension ThermosAssignment {
  /// What is the same in the data of all instances of a job.
  ///
  /// - Parameter document: The job's `document` as text.
  /// - Returns: A number that stands for the document, a line's end, and the document.
  static func commonData(_ document: String) -> [UInt8] {
    Array("\(StableHash.of(document))\n\(document)".utf8)
  }

  /// What stands in `TaskInfo.data` for one instance of a job.
  ///
  /// - Parameters:
  ///   - instance: Which one.
  ///   - ports: Its ports, in the order of the job's names.
  ///   - common: What is the same for all instances.
  /// - Returns: The bytes.
  static func data(instance: Int, ports: [Int], _ common: [UInt8]) -> [UInt8] {
    var data: [UInt8] = []
    data.reserveCapacity(common.count + 8 * (ports.count + 1))
    for number in [instance] + ports {
      data += String(number).utf8
      data.append(UInt8(ascii: " "))
    }
    data += common
    return data
  }

  /// Reads what stands in a task's data.
  ///
  /// - Throws: `AuroraJobFault` when that is no job.
  init(_ info: TaskInfo, known: AssignmentCache) throws(AuroraJobFault) {
    let data = info.data
    let end = data.firstIndex(of: UInt8(ascii: "\n")) ?? data.endIndex
    let start = data[..<end].lastIndex(of: UInt8(ascii: " ")) ?? data.startIndex
    let known = try known.assignment(data[start..<end], data[end...].dropFirst())
    self = known.assignment
    guard hasReferences else { return }
    let job = known.job
    let numbers = String(decoding: data[..<start], as: UTF8.self).split(separator: " ")
    references = [
      "mesos.instance": numbers.first.map { String($0) } ?? "",
      "thermos.task_id": info.taskID.value, "cluster": job.cluster, "role": job.role,
      "environment": job.environment, "name": job.name,
    ]
    for (name, port) in zip(job.ports, numbers.dropFirst()) {
      references["thermos.ports[\(name)]"] = String(port)
    }
  }
}

/// The jobs that executors of one run were handed, so that a job's thousand instances are read
/// once; nothing but time depends on what is kept.
final class AssignmentCache {
  /// A document that was read; by reference, as there is much in it.
  final class Entry {
    let job: AuroraJob
    let assignment: ThermosAssignment

    init(_ job: AuroraJob, _ assignment: ThermosAssignment) {
      self.job = job
      self.assignment = assignment
    }
  }

  private var known: [ArraySlice<UInt8>: Entry] = [:]

  /// Reads a job's document, unless one by the same number was read before.
  func assignment(
    _ number: ArraySlice<UInt8>, _ document: ArraySlice<UInt8>
  ) throws(AuroraJobFault) -> Entry {
    if let found = known[number] { return found }
    let read = try Self.read(document)
    if known.count >= 256 { known.removeAll() }
    known[number] = read
    return read
  }

  private static func read(_ document: ArraySlice<UInt8>) throws(AuroraJobFault) -> Entry {
    let json: JSONValue
    do throws(JSONSyntaxError) {
      json = try JSONValue(parsing: String(decoding: document, as: UTF8.self))
    } catch { throw AuroraJobFault("data", error.description) }
    // Only the newest version knows tiers.
    let isLegacy = json["tier"] == nil
    let job = try AuroraJob(json, semantics: isLegacy ? .legacy : .head)
    do throws(ThermosFault) {
      let assignment = ThermosAssignment(
        try ThermosRun(job.task), isService: job.isService,
        health: job.isChecked ? job.health : nil, runsUnchecked: isLegacy)
      return Entry(job, assignment)
    } catch { throw AuroraJobFault("data.task", error.description) }
  }
}

/// A command line, cut where something stands for a reference when it is run.
struct ThermosCommandLine: Sendable {
  private enum Piece { case text(String), reference(String) }

  private var pieces: [Piece] = []

  init(_ line: String) {
    var rest = line[...]
    while let begin = rest.firstRange(of: "{{"),
      let end = rest[begin.upperBound...].firstRange(of: "}}")
    {
      pieces.append(.text(String(rest[..<begin.lowerBound])))
      pieces.append(.reference(String(rest[begin.upperBound..<end.lowerBound])))
      rest = rest[end.upperBound...]
    }
    pieces.append(.text(String(rest)))
  }

  /// Whether something stands for a reference.
  var hasReferences: Bool { pieces.count > 1 }

  /// The line, what is not known left as it is.
  func text(_ references: [String: String]) -> String {
    var line = ""
    for piece in pieces {
      switch piece {
      case .text(let text): line += text
      case .reference(let name): line += references[name] ?? "{{\(name)}}"
      }
    }
    return line
  }
}
