// Part of mesosim. Apache-2.0, see LICENSE.
//
// What happened on a cluster as a file beside the test: of a test that acts in Swift, or of
// commands in the file itself.

import Mesos
import MesosCluster
import VirtualTime

extension TestCluster {
  /// A command of a test's own in a transcript: what it is given, and what it prints.
  public typealias Command = (CommandWords, TestCluster) throws -> String

  /// Compares all that frameworks heard and said and that the test did so far with a file.
  ///
  /// With `UPDATE_TRANSCRIPTS` in the environment the file is rewritten instead, or made.
  /// - Parameters:
  ///   - name: The file's name without its ending, in the folder `Transcripts` beside the test
  ///     file.
  ///   - testFile: The test file.
  /// - Throws: `TranscriptError` when it differs or there is none.
  public func transcript(matches name: String, besides testFile: String = #filePath) throws {
    let lines = LogLine.all(of: self).map { $0.text + "\n" }
    try Transcript(name, besides: testFile).check(lines.joined())
  }

  /// Carries out the commands of a file and compares what they print with what is written there.
  ///
  /// With `UPDATE_TRANSCRIPTS` in the environment the file is rewritten instead. The commands that
  /// there are stand at `execute`.
  /// - Parameters:
  ///   - name: The file's name without its ending, in the folder `Transcripts` beside the test
  ///     file.
  ///   - commands: Commands of the test's own, by their first words.
  ///   - testFile: The test file.
  ///   - line: The line of the test.
  /// - Throws: `TranscriptError` when it differs or cannot be read, and what commands throw.
  public func perform(
    transcript name: String, commands: [String: Command] = [:],
    besides testFile: String = #filePath, line: Int = #line
  ) throws {
    try Transcript(name, besides: testFile).check {
      try execute($0, commands: commands, file: testFile, line: line)
    }
  }

  /// Carries out one command of a transcript, and prints what frameworks heard and said by it.
  ///
  /// Time: `run SECONDS`, `expect FRAMEWORK running|live|finished|failed|killed|lost N [SECONDS]`.
  ///
  /// Faults: `kill`, `crash`, `restart`, `pause` or `reset PARTY`, `partition PARTY PARTY
  /// [one-way]`, `mend` for the last of them, `fail-over master|FRAMEWORK`. A party is a framework,
  /// a host, `leader` or `masters`.
  ///
  /// Messages: `hold`, `lose`, `drop`, `duplicate`, `reorder` or `watch KIND [from=PARTY]
  /// [to=PARTY] [times=N]`, `delay KIND by=SECONDS …`; `release` and `remove` are for the last.
  ///
  /// A look: `tasks FRAMEWORK`.
  /// - Parameters:
  ///   - command: The command.
  ///   - commands: Commands of the test's own, by their first words.
  ///   - file: The file of the test.
  ///   - line: The line of the test.
  /// - Returns: What it prints.
  /// - Throws: `CommandError` for a line that is no command, `TestFailure` for what does not come,
  ///   and what commands of the test's own throw.
  public func execute(
    _ command: String, commands: [String: Command] = [:], file: String = #filePath,
    line: Int = #line
  ) throws -> [String] {
    let words = CommandWords(command)
    transcriptState.place = (file, line)
    do {
      if let own = commands[words.verb] {
        let said = try own(words, self)
        return takeLines() + said.split(separator: "\n").map(String.init)
      }
      if words.verb == "tasks" {
        let framework = try framework(words.word(1))
        return takeLines()
          + framework.tasks.map { "\($0.id) \($0.state) on \($0.slave.hostname)" }
      }
      try carryOut(words)
      return takeLines()
    } catch let error as CommandError {
      throw error.in(command)
    }
  }

  private func carryOut(_ words: CommandWords) throws {
    let (file, line) = transcriptState.place
    switch words.verb {
    case "run": try run(for: try seconds(words, 1), file: file, line: line)
    case "expect": try expect(words)
    case "mend":
      guard let fault = transcriptState.fault else {
        throw CommandError("mend", advice: "there is nothing to mend")
      }
      fault.mend()
    case "fail-over":
      let name = try words.word(1)
      if name == "master" { failOverMaster() } else { try framework(name).failOver() }
    case "release", "remove":
      guard let rule = transcriptState.rule else {
        throw CommandError(words.verb, advice: "there is no rule")
      }
      if words.verb == "release" { rule.release() } else { try rule.remove(file: file, line: line) }
    case "kill", "crash", "restart", "pause", "reset", "partition":
      transcriptState.fault = try inject(words)
    default: transcriptState.rule = try rule(words)
    }
    try run(for: .zero, file: file, line: line)
  }

  private func inject(_ words: CommandWords) throws -> TestFault {
    let party = try party(words.word(1))
    switch words.verb {
    case "kill": return kill(party)
    case "crash": return crash(party)
    case "restart": return restart(party)
    case "pause": return pause(party)
    case "reset": return reset(party)
    default:
      let other = try self.party(words.word(2))
      return partition(party, from: other, isOneWay: words.contains("one-way"))
    }
  }

  private func rule(_ words: CommandWords) throws -> TestRule {
    let verbs = ["hold", "lose", "drop", "delay", "duplicate", "reorder", "watch"]
    guard verbs.contains(words.verb) else { throw CommandError(words.verb) }
    let name = try words.word(1)
    guard let kind = MessageKind(rawValue: name) else {
      throw CommandError(name, advice: "no kind of message is called that; see MessageKind")
    }
    let source = try words.option("from").map { try party($0) }
    let target = try words.option("to").map { try party($0) }
    let times = words.option("times").flatMap { Int($0) }
    switch words.verb {
    case "hold": return hold(kind, from: source, to: target, times: times)
    case "lose": return lose(kind, from: source, to: target, times: times)
    case "drop": return drop(next: kind, from: source, to: target)
    case "duplicate": return duplicate(kind, from: source, to: target, times: times)
    case "reorder": return reorder(kind, from: source, to: target, times: times)
    case "watch": return watch(kind, from: source, to: target, times: times)
    default:
      guard let delay = words.option("by").flatMap({ Double($0) }) else {
        throw CommandError("delay", advice: "say by=SECONDS")
      }
      return self.delay(
        kind, by: .rounded(seconds: delay), from: source, to: target, times: times)
    }
  }

  private func expect(_ words: CommandWords) throws {
    let (framework, count) = (try framework(words.word(1)), try words.number(3, as: Int.self))
    let outcome: Outcome =
      switch try words.word(2) {
      case "running": .running(count)
      case "live": .live(count)
      case "finished": .finished(count)
      case "failed": .failed(count)
      case "killed": .killed(count)
      case "lost": .lost(count)
      case let word: throw CommandError(word, advice: "no outcome is called that")
      }
    try framework.expect(
      outcome, within: words.count > 4 ? try seconds(words, 4) : .zero,
      file: transcriptState.place.file, line: transcriptState.place.line)
  }

  // MARK: Words

  private func seconds(_ words: CommandWords, _ place: Int) throws -> Duration {
    .rounded(seconds: try words.number(place, as: Double.self))
  }

  private func framework(_ name: String) throws(CommandError) -> FrameworkHandle {
    guard let framework = frameworks.first(where: { $0.name == name }) else {
      throw CommandError(name, advice: "no framework is called that")
    }
    return framework
  }

  private func party(_ name: String) throws(CommandError) -> any TestParty {
    switch name {
    case "leader": return MasterHandle.leader
    case "masters": return MasterHandle.all
    default:
      if let slave = slaves.first(where: { $0.hostname == name }) { return slave }
      return try framework(name)
    }
  }

  /// What frameworks heard and said since this was last asked for.
  private func takeLines() -> [String] {
    var lines: [LogLine] = []
    for framework in frameworks {
      let start = transcriptState.places[framework.name] ?? 0
      transcriptState.places[framework.name] = framework.history.count
      lines += LogLine.of(framework.record, from: start)
    }
    return LogLine.inOrder(lines).map(\.text)
  }
}

/// What commands of a transcript refer to.
struct TranscriptState {
  /// How much of each framework's history was printed.
  var places: [String: Int] = [:]
  var fault: TestFault?
  var rule: TestRule?
  /// Where the test stands that carries them out.
  var place: TestFailure.Place = ("", 0)
}
