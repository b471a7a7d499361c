// Part of mesosim. Apache-2.0, see LICENSE.
//
// Runs recorded cases of behaviour: finds the files, picks each kind's evaluator, compares.

import Foundation
import Mesos

/// Runs conformance case files and tells what passed.
public struct ConformanceSuite {
  private let evaluators: [String: any ConformanceEvaluator]

  /// A suite with an evaluator for every kind known.
  public init() { self.init(evaluators: ConformanceKinds.all) }

  /// A suite of nothing but cases of masters, whose requests go by a server.
  /// - Parameter makeWire: Connects a case with it.
  package init(over makeWire: @escaping @Sendable () throws -> any CaseWire) {
    self.init(
      evaluators: ["http", "master", "driver"].map { MasterEvaluator(kind: $0, makeWire: makeWire) }
    )
  }

  init(evaluators: [any ConformanceEvaluator]) {
    self.evaluators = Dictionary(evaluators.map { ($0.kind, $0) }, uniquingKeysWith: { $1 })
  }

  /// Runs every case of some files; a folder stands for all the `.json` files below it.
  ///
  /// Files are taken in the order given, those of a folder in the order of their paths.
  /// - Parameter paths: Files and folders.
  /// - Returns: What passed and failed, which kinds were skipped, and which files are faulty.
  public func run(paths: [String]) -> ConformanceReport {
    var report = ConformanceReport()
    for path in paths.flatMap(files) { run(path, into: &report) }
    return report
  }

  /// What comes of each step of some files, in lines; what is expected is not looked at.
  ///
  /// Each step is a line, and what comes of it stands below, set off by four spaces.
  /// - Parameter paths: Files and folders.
  /// - Returns: The lines. Files that have no steps have none.
  public func transcript(paths: [String]) -> [String] {
    paths.flatMap(files).flatMap { path -> [String] in
      do {
        let file = try file(at: path)
        guard let lines = try evaluators[file.kind]?.transcript(of: file) else { return [] }
        return ["# \(path)"] + lines
      } catch { return ["# \(path): \(error)"] }
    }
  }

  private func file(at path: String) throws -> CaseFile {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ConformanceFileError("cannot be read; check the path and its permissions")
    }
    return try CaseFile(parsing: String(decoding: data, as: UTF8.self))
  }

  private func files(at path: String) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return [path] }
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasSuffix(".json") }.sorted().map { path + "/" + $0 }
  }

  private func run(_ path: String, into report: inout ConformanceReport) {
    do {
      let file = try file(at: path)
      guard let evaluator = evaluators[file.kind] else {
        report.skip(file.kind, in: path)
        return
      }
      // A file with an undecodable input is faulty as a whole: none of its cases counts.
      report.add(try outcomes(of: file, by: evaluator), in: path)
    } catch let error as ConformanceFileError {
      report.add(error, in: path)
    } catch {
      report.add(ConformanceFileError("\(error)"), in: path)
    }
  }

  private func outcomes(
    of file: CaseFile, by evaluator: any ConformanceEvaluator
  ) throws(ConformanceFileError) -> [ConformanceOutcome] {
    if let outcomes = try evaluator.outcomes(of: file) { return outcomes }
    var outcomes: [ConformanceOutcome] = []
    for entry in try evaluator.cases(of: file) {
      do {
        let actual = try evaluator.evaluate(entry.input)
        let comparison = Comparison(sets: evaluator.setFields, whole: evaluator.wholeFields)
        outcomes.append(
          ConformanceOutcome(
            name: entry.name,
            difference: comparison.difference(expected: entry.expect, actual: actual)))
      } catch let error as CaseInputError {
        throw ConformanceFileError("case '\(entry.name)': \(error.message)")
      } catch {
        throw ConformanceFileError("case '\(entry.name)': \(error)")
      }
    }
    return outcomes
  }
}

/// What became of one case.
struct ConformanceOutcome {
  let name: String
  /// The first difference between what was expected and what came out; `nil` when there is none.
  let difference: Comparison.Difference?
  /// What the case is about, where its file says so.
  var subject: String?
  /// Whether nothing but texts for people differs, if anything does.
  var differsInTextsOnly = false
  /// Whether the case says something that cannot be expressed.
  var isSkipped = false
  /// How the books stood when something differed.
  var books: [String] = []
}
