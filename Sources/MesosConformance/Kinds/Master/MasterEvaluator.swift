// Part of mesosim. Apache-2.0, see LICENSE.
//
// Cases recorded from the master of Apache Mesos 1.11.0: a script of what agents, schedulers and an
// operator do, and everything that the master says (SCHEMA-master.md).

import Mesos
import MesosCluster
import VirtualTime

struct MasterEvaluator: ConformanceEvaluator {
  /// `master`, `driver` for the master with drivers around it, `http` for what it answers, or
  /// `agent` for the master with one slave.
  let kind: String
  /// The way of requests to the master, where they go by HTTP; a new one for each case.
  var makeWire: (@Sendable () throws -> any CaseWire)?

  func evaluate(_ input: JSONValue) throws -> JSONValue { input }

  func outcomes(of file: CaseFile) throws(ConformanceFileError) -> [ConformanceOutcome]? {
    let content = file.content
    let name = content["name"]?.string ?? "case"
    let subject = content["subject"]?.string ?? kind
    guard let steps = content["steps"]?.array, let expected = content["expect"]?.array,
      steps.count == expected.count
    else {
      throw ConformanceFileError("case '\(name)' needs 'steps' and 'expect' of equal length")
    }
    do {
      let replay = try MasterReplay(content, wire: makeWire?())
      var strict: Comparison.Difference?
      var loose: Comparison.Difference?
      var books: [String] = []
      for (place, step) in steps.enumerated() {
        let result = try replay.take(step)
        if result.isSkipped {
          return [
            ConformanceOutcome(name: name, difference: nil, subject: subject, isSkipped: true)
          ]
        }
        let check = StepCheck(
          step: step, place: place, subject: subject,
          isHTTP: replay.showsAnswers)
        if loose == nil {
          loose = check.difference(expected[place], result, comparesTexts: false)
        }
        if strict == nil {
          strict = check.difference(expected[place], result, comparesTexts: true)
        }
        if strict != nil, books.isEmpty { books = replay.books }
        // What follows a step that differs says nothing.
        if loose != nil { break }
      }
      return [
        ConformanceOutcome(
          name: name, difference: strict, subject: subject, differsInTextsOnly: loose == nil,
          books: books)
      ]
    } catch {
      throw ConformanceFileError("case '\(name)': \(error)")
    }
  }
}

extension MasterEvaluator {
  func transcript(of file: CaseFile) throws(ConformanceFileError) -> [String]? {
    do {
      let replay = try MasterReplay(file.content)
      var lines: [String] = []
      for step in file.content["steps"]?.array ?? [] {
        lines.append(step.text)
        let result = try replay.take(step)
        if result.isSkipped {
          lines.append("    cannot be expressed")
          break
        }
        lines += result.lines.map { "    " + $0 }
      }
      return lines
    } catch {
      throw ConformanceFileError("\(error)")
    }
  }
}

extension StepResult {
  /// What came of the step, a line for each thing.
  fileprivate var lines: [String] {
    var lines: [String] = []
    if let answer {
      lines.append("http \(answer.status)" + (answer.body.map { " " + $0.text } ?? ""))
    }
    if let returned { lines.append("returns \(returned)") }
    for name in events.keys.sorted() {
      lines += (events[name] ?? []).map { "\(name): \($0.text)" }
    }
    return lines
  }
}

/// What came of a step.
struct StepResult {
  var seconds: Double
  var answer: HTTPAnswer?
  /// What a driver's call returned.
  var returned: String?
  var events: [String: [JSONValue]] = [:]
  var isSkipped = false
}

/// Holds what came of a step to what was recorded.
struct StepCheck {
  let step: JSONValue
  let place: Int
  let subject: String
  /// Whether answers under HTTP are compared as a whole.
  let isHTTP: Bool

  func difference(
    _ expected: JSONValue, _ result: StepResult, comparesTexts: Bool
  ) -> Comparison.Difference? {
    var comparison = CaseComparison(comparesTexts: comparesTexts)
    if isHTTP { comparison.sets = HTTPComparison.sets }
    // The end of a process is noticed by looking.
    if subject == "master-failover" || subject == "agent" { comparison.timeTolerance = 1 }
    let found =
      answerDifference(expected["http"], result.answer, comparison)
      ?? comparison.difference(
        expected["returns"], result.returned.map { .text($0) }, at: "returns")
      ?? comparison.eventDifference(
        expected["events"], result.events, updatesAreOrdered: isOrdered)
    return found.map {
      Comparison.Difference(
        field: "step \(place) \(step["do"]?.string ?? "") \($0.field)", expected: $0.expected,
        actual: $0.actual)
    }
  }

  /// Whether updates come in the order of the call.
  private var isOrdered: Bool {
    switch step["call"]?["type"]?.string {
    case "ACCEPT": true
    case "RECONCILE": step["call"]?["reconcile"]?["tasks"]?.array?.isEmpty == false
    default: false
    }
  }

  private func answerDifference(
    _ expected: JSONValue?, _ actual: HTTPAnswer?, _ comparison: CaseComparison
  ) -> Comparison.Difference? {
    guard let expected else { return nil }
    if isHTTP {
      return HTTPComparison(step: step, comparison: comparison).difference(expected, actual)
    }
    let status = JSONValue.number(actual?.status ?? 0)
    if let found = comparison.difference(expected["status"], status, at: "http.status") {
      return Comparison.Difference(
        field: found.field, expected: expected.text,
        actual: found.actual + " " + (actual?.body?.text ?? ""))
    }
    guard let body = expected["body"] else { return nil }
    if body.string != nil {
      return comparison.comparesTexts
        ? comparison.difference(body, actual?.body, at: "http.body") : nil
    }
    // What a list at the top names is a set, as weights are.
    return comparison.difference(
      body, actual?.body, at: "http.body", key: "roles", namedOnly: true)
  }
}

extension MasterReplay {
  /// Carries out a step and lets everything come to rest.
  func take(_ step: JSONValue) throws -> StepResult {
    let kind = try step.requiredString("do")
    var result = StepResult(seconds: now.seconds)
    if kind == "advance" {
      let end = now + .rounded(seconds: try step.requiredNumber("seconds"))
      while now < end {
        lookAtHosts(at: min(end, now + .seconds(1)))
        pass(until: min(end, now + .seconds(1)))
        beat()
        for (name, events) in try takeEvents(at: now.seconds) {
          result.events[name, default: []] += events
        }
      }
      result.seconds = now.seconds
      return result
    }
    if let realAgent, realAgent.isAsked(by: step) {
      result.answer = try realAgent.answer(step)
      settle()
      result.events = try takeEvents(at: nil)
      return result
    }
    if let realAgent, try realAgent.take(step) {
      settle()
      result.events = try takeEvents(at: nil)
      return result
    }
    if let name = step["who"]?.string {
      if agents[name] != nil {
        if !isMasterDead { try takeAgentStep(step, name) }
      } else if kind == "stream" || kind == "close" {
        result.answer = try takeStreamStep(step, name)
      } else if kind == "driver" {
        result.returned = try takeDriverStep(step, name)
      } else {
        result.answer = try takeSchedulerStep(step, name)
      }
    } else {
      switch kind {
      case "http":
        guard let answer = try ask(step) else {
          result.isSkipped = true
          return result
        }
        result.answer = answer
      case "whitelist":
        hosts = step["hosts"]?.array?.compactMap(\.string)
      case "master-failover": failOver(on: master.abdicated(at: now))
      case "kill-master": isMasterDead = true
      default: throw CaseInputError("step '\(kind)' is unknown")
      }
    }
    settle()
    result.events = try takeEvents(at: nil)
    return result
  }
}
