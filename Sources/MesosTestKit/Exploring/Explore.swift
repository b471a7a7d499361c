// Part of mesosim. Apache-2.0, see LICENSE.
//
// A test that runs with many seeds, on all cores, and makes small what fails.

import FileSystem
import Foundation
public import MesosExploration

/// A test failed for some seeds.
public struct ExplorationFailure: Error, CustomStringConvertible {
  /// The report: what fails, how small it is, how to see it again.
  public let description: String
  /// What fails, smallest choices and all, one record for each way.
  public let records: [FailureRecord]
}

/// Runs a test with many seeds and makes what fails as small as it can.
///
///     try explore(seeds: 0..<200) { world in
///       let cluster = try world.cluster(slaves: 2...8)
///       let tasks = world.pick(1...4, "tasks")
///       let web = cluster.register("web") { ExampleFramework(tasks: tasks, environment: $0) }
///       world.faults(on: cluster)
///       try world.settle(cluster)
///       try web.expect(.finished(tasks), within: .seconds(1500))
///     }
///
/// Each run has a world of its own, and nothing else must differ from run to run: every 50th seed
/// is run twice. Failures are kept in `Failures/` beside the test's file, and looked at first the
/// next time: commit them, or let CI keep them. Three variables of the environment change what is
/// run: `MESOSIM_SEEDS=10000` runs so many seeds, `MESOSIM_JOBS=1` so many at a time, and
/// `MESOSIM_REPLAY=FILE` the choices of that failure alone.
/// - Parameters:
///   - name: What the test is called.
///   - seeds: The seeds.
///   - budget: No more seeds are begun after so long; `nil` for all of them.
///   - failures: The folder of failures that are kept; `nil` for the one beside the test's file.
///   - file: The file of the test.
///   - body: The test; called from several threads, each time with another world.
/// - Throws: `ExplorationFailure` when it fails with some seed.
public func explore(
  _ name: String = #function, seeds: Range<UInt64> = 0..<200, budget: Duration? = nil,
  failures: String? = nil, file: String = #filePath,
  _ body: @escaping @Sendable (World) throws -> Void
) throws {
  let test = ExploredTest(name: name, file: file, folder: failures, body: body)
  let environment = ProcessInfo.processInfo.environment
  if let path = environment["MESOSIM_REPLAY"] {
    if let record = try test.record(at: path) { try test.replay(record) }
    return
  }
  let count = environment["MESOSIM_SEEDS"].flatMap { UInt64($0) }
  let range = count.map { seeds.lowerBound..<(seeds.lowerBound + min($0, 1_000_000)) } ?? seeds
  let jobs =
    environment["MESOSIM_JOBS"].flatMap { Int($0) } ?? ProcessInfo.processInfo.activeProcessorCount
  try test.explore(range, budget, threads: max(1, min(jobs, 1024)))
}

/// Runs a test with the choices of a failure that was kept.
///
///     try replay("Failures/tests-of-web/chaos/expected-7f3a0b12.json") { try chaos($0) }
///
/// - Parameters:
///   - path: The file, from the folder of the test's file unless it begins with a slash.
///   - file: The file of the test.
///   - body: The test, as it was explored.
/// - Throws: What the test throws, and `FailureRecordError` when the file is no such failure.
public func replay(
  _ path: String, file: String = #filePath, _ body: @escaping @Sendable (World) throws -> Void
) throws {
  let test = ExploredTest(name: "", file: file, folder: nil, body: body)
  let full = path.hasPrefix("/") ? path : test.fileFolder.appendingPath(path)
  let bytes: Data
  do throws(InputError) { bytes = try InputFile.read(full, max: 1 << 20) } catch {
    throw ReplayError(path: full, reason: error.reason)
  }
  try body(World(Choices(plan: FailureRecord(json: String(decoding: bytes, as: UTF8.self)).plan)))
}

/// A failure that was to be run again cannot be read.
struct ReplayError: Error, CustomStringConvertible {
  let path: String
  let reason: String
  var description: String { "\(path): \(reason); expected a failure that 'explore' has kept" }
}

/// One explored test.
struct ExploredTest: Sendable {
  /// The test's name, as files and reports have it.
  let name: String
  let file: String
  private let folder: String?
  let body: @Sendable (World) throws -> Void

  init(
    name: String, file: String, folder: String?, body: @escaping @Sendable (World) throws -> Void
  ) {
    self.name = String(name.prefix { $0 != "(" })
    self.file = file
    self.folder = folder
    self.body = body
  }

  var fileFolder: String { file.parentPath.isEmpty ? "." : file.parentPath }
  private var suite: String { String(file.split(separator: "/").last?.prefix { $0 != "." } ?? "") }

  var store: FailureStore {
    let standard = fileFolder.appendingPath("Failures").appendingPath(suite)
    return FailureStore(folder: (folder ?? standard).appendingPath(name))
  }

  /// The failure in a file, if it is one of this test.
  func record(at path: String) throws -> FailureRecord? {
    let bytes: Data
    do throws(InputError) { bytes = try InputFile.read(path, max: 1 << 20) } catch {
      throw ReplayError(path: path, reason: error.reason)
    }
    let record = try FailureRecord(json: String(decoding: bytes, as: UTF8.self))
    return record.subject == name ? record : nil
  }

  func replay(_ record: FailureRecord) throws { try body(World(Choices(plan: record.plan))) }

  // MARK: Runs

  func run(_ choices: Choices) -> ExploredRun {
    let world = World(choices)
    let failure = failure(in: world)
    var run = ExploredRun(Trial(world.asked, failure: failure))
    run.digest = world.clusters.map(\.digest).joined(separator: " ")
    run.launches = world.counters.reduce(0) { $0 + $1.launches }
    run.hasHit = world.counters.contains(where: \.hasHit)
    return run
  }

  func failure(in world: World) -> ExploredFailure? {
    do {
      try body(world)
      return nil
    } catch let failure as TestFailure {
      // Not the line, which is another when the test is edited.
      return ExploredFailure(
        rule: "expected", message: failure.what,
        instant: world.clusters.last.map { "\($0.now)" } ?? "")
    } catch {
      return ExploredFailure(rule: "error", message: "\(error)".firstLine)
    }
  }

  func difference(_ choices: Choices) -> String {
    let worlds = (0..<2).map { _ in World(choices, listsFacts: true) }
    for world in worlds { _ = failure(in: world) }
    for (first, second) in zip(worlds[0].facts, worlds[1].facts) {
      if let text = first.difference(from: second, "once", "again") { return text }
    }
    return "two runs with the same choices differed, and two more did not"
  }
}

extension String {
  var firstLine: String { split(separator: "\n").first.map(String.init) ?? self }
}
