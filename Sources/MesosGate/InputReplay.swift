// Part of mesosim. Apache-2.0, see LICENSE.
//
// Plays a recording again, without any client: of the same inputs at the same places the same must
// come, to the last byte.

import Mesos
import MesosAllocation
import MesosOperator
package import MesosScenarios
import VirtualTime

/// Why a recording cannot be played.
package struct ReplayError: Error, CustomStringConvertible {
  /// The line, from 1.
  package let line: Int
  /// What is wrong with it.
  package let reason: String

  package var description: String { "line \(line): \(reason)" }
}

/// A recording of what came from outside.
package struct InputReplay {
  /// What came of playing it.
  package struct Outcome: Sendable {
    /// How many inputs were given.
    package var inputs = 0
    /// How many outputs were compared.
    package var outputs = 0
    /// Identifies all that happened.
    package var digest = ""
    /// The first place at which something else happened, if any.
    package var difference: String?
    /// Whether the recording was closed.
    package var isWhole = false
  }

  /// What it says of its run.
  package let header: RecordingHeader
  private let lines: [Substring]

  /// Reads a recording.
  /// - Throws: `ReplayError` when it is none.
  package init(_ text: String) throws(ReplayError) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    guard let first = lines.first,
      let json = try? JSONValue(parsing: String(first)), let header = RecordingHeader(json)
    else {
      throw ReplayError(
        line: 1,
        reason:
          "no header of a recording of format \(RecordingHeader.format); expected a file that "
          + "mesosim-server wrote with --record")
    }
    self.header = header
  }

  /// Plays it.
  /// - Parameter run: A run of the recorded scenario at its start.
  /// - Returns: What came of it.
  /// - Throws: `ReplayError` at the first line that cannot be read.
  package func play(on run: ScenarioRun) throws(ReplayError) -> Outcome {
    var outcome = Outcome()
    var description = MasterDescription(flags: header.flags)
    // Who asked was found out when it was recorded.
    description.authentication = MasterDescription.Authentication()
    description.servesOldPaths = header.servesOldPaths
    let comparison = LineComparison(lines)
    let recorder = InputRecorder(header) { comparison.take($0) }
    let gate = Gate(run, description, seed: run.seed, recording: recorder)
    var number = 1
    for line in lines.dropFirst() {
      number += 1
      guard let json = try? JSONValue(parsing: String(line)), let kind = json["kind"]?.string else {
        // A recording that was cut ends within a line.
        if number == lines.count { break }
        throw ReplayError(line: number, reason: "not a line of a recording: \(line.prefix(60))")
      }
      if kind == "out" { continue }
      guard let events = json["event"]?.integer, let at = json["at"]?.integer else {
        throw ReplayError(line: number, reason: "lacks 'event' or 'at'")
      }
      while run.eventsHandled < events, gate.step(notAfter: .distantFuture) {}
      if let found = comparison.difference {
        outcome.difference = found
        break
      }
      try give(json, kind, Instant(nanoseconds: Int64(at)), gate, number)
      if kind == "end" {
        recorder.finish(events: run.eventsHandled, at: gate.now, digest: run.digest)
        outcome.isWhole = true
      }
    }
    outcome.inputs = recorder.inputs
    outcome.outputs = recorder.outputs
    outcome.digest = run.digest
    outcome.difference = outcome.difference ?? comparison.difference
    return outcome
  }

  private func give(
    _ json: JSONValue, _ kind: String, _ instant: Instant, _ gate: Gate, _ line: Int
  ) throws(ReplayError) {
    switch kind {
    case "request":
      guard let request = OperatorRequest(recorded: json) else {
        throw ReplayError(line: line, reason: "a request without 'method' or 'path'")
      }
      _ = gate.take(request, at: instant)
    case "close":
      guard let stream = json["stream"]?.integer else {
        throw ReplayError(line: line, reason: "lacks 'stream'")
      }
      gate.close(stream, at: instant)
    case "rest": gate.rest(until: instant)
    case "end": break
    default: throw ReplayError(line: line, reason: "unknown kind '\(kind)'")
    }
    _ = gate.takeOutputs()
  }
}

/// Holds lines that are written again to those that were.
private final class LineComparison {
  private let lines: [Substring]
  private var place = 0
  private(set) var difference: String?

  init(_ lines: [Substring]) { self.lines = lines }

  func take(_ bytes: [UInt8]) {
    defer { place += 1 }
    guard difference == nil else { return }
    let text = String(decoding: bytes.dropLast(), as: UTF8.self)
    guard lines.indices.contains(place) else {
      // What follows a cut is not known.
      return
    }
    if lines[place] != text, place > 0 {
      difference =
        "line \(place + 1): recorded \(lines[place].prefix(300))\n"
        + "            now      \(text.prefix(300))"
    }
  }
}
