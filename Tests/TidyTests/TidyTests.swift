// Part of mesosim. Apache-2.0, see LICENSE.
//
// Style as a test: what would break determinism or the layering does not get in by accident.

import Foundation
import Testing

/// Something that must not stand in some targets, and what to use instead.
struct Ban: CustomTestStringConvertible, Sendable {
  let text: String
  let use: String
  let targets: [String]

  var testDescription: String { text }
}

/// The targets in which everything must follow from scenario and seed.
private let deterministic = [
  "VirtualTime", "SimulationKernel", "Mesos", "MesosAllocation", "MesosCluster",
  "MesosFrameworks", "MesosWorkloads", "MesosExploration", "ScenarioExploration",
]

private let bans = [
  Ban(text: "Date(", use: "the Instant passed in", targets: deterministic),
  Ban(text: "ContinuousClock", use: "the Instant passed in", targets: deterministic),
  Ban(text: "SuspendingClock", use: "the Instant passed in", targets: deterministic),
  Ban(text: "SystemRandomNumberGenerator", use: "a named stream", targets: deterministic),
  Ban(text: ".random(in", use: "a named stream", targets: deterministic),
  Ban(text: ".randomElement(", use: "a named stream", targets: deterministic),
  Ban(text: ".shuffled()", use: "a keyed hash or a named stream", targets: deterministic),
  Ban(text: ".shuffle()", use: "a keyed hash or a named stream", targets: deterministic),
  Ban(text: "UUID()", use: "a number of the simulation's own", targets: deterministic),
  Ban(text: "ObjectIdentifier(", use: "a dense index", targets: deterministic),
  Ban(text: ".hashValue", use: "an id, or TraceDigest", targets: deterministic),
  Ban(text: "Hasher()", use: "TraceDigest", targets: deterministic),
  Ban(text: " Task {", use: "an event", targets: deterministic),
  Ban(text: "Task.detached", use: "an event", targets: deterministic),
  Ban(text: "DispatchQueue", use: "an event", targets: deterministic),
  Ban(text: " async ", use: "an event: one simulation is one thread", targets: deterministic),
  Ban(text: "print(", use: "a returned value", targets: deterministic),
  Ban(text: "try!", use: "throws", targets: allTargets),
  Ban(text: "FIXME", use: "an issue", targets: allTargets),
  Ban(text: "TODO", use: "an issue", targets: allTargets),
  Ban(text: "unsafeFlags", use: "pointer-held state", targets: allTargets),
]

private let allTargets = folders(in: "Sources")

@Suite("Tidy sources")
struct TidyTests {
  @Test("what is banned in a target does not stand there", arguments: bans)
  func bannedText(_ ban: Ban) {
    #expect(!ban.targets.isEmpty)
    for target in ban.targets {
      for file in files(below: "Sources/\(target)") where file.mentions(ban.text) {
        for (number, line) in file.lines.enumerated() where code(line).contains(ban.text) {
          Issue.record("\(file.path):\(number + 1): error: \(ban.text) is banned, use \(ban.use)")
        }
      }
    }
  }

  @Test("the core targets do without Foundation, but for one reader of JSON")
  func foundation() {
    let core = [
      "VirtualTime", "SimulationKernel", "Mesos", "MesosAllocation", "MesosCluster",
      "MesosFrameworks",
    ]
    let allowed = ["Sources/Mesos/Resources+JSON.swift"]
    for target in core {
      for file in files(below: "Sources/\(target)") where !allowed.contains(file.path) {
        for (number, line) in file.lines.enumerated()
        where code(line).contains("import Foundation") {
          Issue.record("\(file.path):\(number + 1): error: no Foundation here")
        }
      }
    }
  }

  @Test("frameworks import Mesos alone, so that they could leave")
  func frameworksCouldLeave() {
    let files = files(below: "Sources/MesosFrameworks")
    #expect(!files.isEmpty)
    for file in files {
      for (number, line) in file.lines.enumerated() {
        let words = code(line).split(separator: " ")
        guard let position = words.firstIndex(of: "import"), position + 1 < words.count else {
          continue
        }
        let module = words[position + 1]
        if module != "Mesos" {
          Issue.record("\(file.path):\(number + 1): error: imports \(module)")
        }
      }
    }
  }

  @Test("no comment is wider than 100 characters and no file longer than 500 lines")
  func sizes() {
    for folder in ["Sources", "Tests"] {
      for file in files(below: folder) {
        #expect(file.lines.count <= 501, "\(file.path) has \(file.lines.count) lines")
        // Code is the formatter's business, and templates in literals are left alone.
        for (number, line) in file.lines.enumerated()
        where line.count > 100 && line.drop(while: { $0 == " " }).hasPrefix("//") {
          Issue.record("\(file.path):\(number + 1): error: \(line.count) characters")
        }
      }
    }
  }

  @Test("no function is longer than 60 lines")
  func functionLengths() {
    for file in files(below: "Sources") {
      var start: (line: Int, indent: Int, text: Substring)?
      for (number, line) in file.lines.enumerated() {
        let indent = line.prefix { $0 == " " }.count
        let words = line.dropFirst(indent)
        let heads = words.contains("func ") || words.contains("init(")
        if start == nil, heads, !words.hasPrefix("//"), !words.hasPrefix(".") {
          start = (number, indent, words)
        }
        if let begun = start, indent == begun.indent, words.hasPrefix("}") {
          let length = number - begun.line + 1
          #expect(length <= 60, "\(file.path):\(begun.line + 1): \(begun.text) is \(length) lines")
          start = nil
        } else if let begun = start, number > begun.line, indent <= begun.indent,
          !words.isEmpty, !words.hasPrefix(")"), !words.hasPrefix("{")
        {
          start = nil
        }
      }
    }
  }

  @Test("every target has tests that mirror it")
  func mirrored() {
    let tests = Set(folders(in: "Tests"))
    // The server is there only with its trait: Tests/Server and Tests/Clients speak with it.
    let exempt = ["CGSL", "CPrefetch", "mesosim", "mesosim-server", "MesosServer"]
    for target in allTargets where !exempt.contains(target) {
      #expect(tests.contains("\(target)Tests"), "Sources/\(target) has no Tests/\(target)Tests")
    }
  }
}
