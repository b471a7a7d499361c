// Part of mesosim. Apache-2.0, see LICENSE.
//
// The master, driven by hand: each command is a message, what it prints are the master's actions.

import Mesos
import MesosAllocation
import MesosCluster
import Synchronization
import Testing
import TranscriptSupport
import VirtualTime

@Suite("Master transcripts")
struct MasterTranscriptTests {
  @Test(
    "the master answers as written",
    arguments: Transcript.all(besides: #filePath, in: "Transcripts/Master"))
  func transcript(_ transcript: Transcript) throws {
    var stage = MasterStage()
    try transcript.check { try stage.execute($0) }
  }

  @Test("there are transcripts to run")
  func transcriptsExist() {
    #expect(Transcript.all(besides: #filePath, in: "Transcripts/Master").count >= 8)
  }
}

/// A master with a hand-driven allocator: `give` says what is allocated next.
struct MasterStage {
  struct BadCommand: Error {
    let text: String
  }

  private let script = AllocatorScript()
  private var master: Master
  private var now = Instant.start
  private var actions = ActionBuffer<MasterAction>()

  init() {
    master = Master(
      info: MasterInfo(id: "m1", hostname: "master"),
      allocator: ScriptedAllocator(script: script))
  }

  /// Carries out one command; the first word names it, `key=value` words are its arguments.
  mutating func execute(_ line: String) throws -> [String] {
    let words = line.split(separator: " ").map(String.init)
    guard let verb = words.first else { return [] }
    let arguments = Array(words.dropFirst())
    switch verb {
    case "at":
      guard let seconds = arguments.first.flatMap(Double.init) else { throw BadCommand(text: line) }
      now = .start + .rounded(seconds: seconds)
      return []
    case "slave": try slave(arguments)
    case "give": try give(arguments)
    default: try scheduler(verb, arguments, line)
    }
    var lines: [String] = []
    while let fact = actions.nextFact() { lines.append(describe(fact)) }
    lines += script.takeNotes()
    while let effect = actions.nextEffect() { lines.append(describe(effect)) }
    return lines
  }

  private mutating func tell(_ message: MasterMessage) {
    master.handle(message, at: now, into: &actions)
  }

  /// `slave 0 registers RESOURCES`, `slave 0 reports FRAMEWORK TASK STATE [NUMBER]`.
  private mutating func slave(_ words: [String]) throws {
    guard words.count >= 3, let index = SlaveIndex(words[0]) else {
      throw BadCommand(text: words.joined(separator: " "))
    }
    switch words[1] {
    case "registers":
      let resources = try Resources(parsing: words[2])
      tell(.slave(index, .register(SlaveInfo(hostname: "host-\(index)", resources: resources))))
    case "reports":
      guard words.count >= 5, let framework = FrameworkIndex(words[2]),
        let state = TaskState.allCases.first(where: { "\($0)" == words[4] })
      else { throw BadCommand(text: words.joined(separator: " ")) }
      let number = words.count > 5 ? UInt32(words[5]) ?? 0 : 0
      let status = TaskStatus(
        taskID: TaskID(words[3]), state: state, slaveID: SlaveID("m1-S\(index)"), timestamp: now,
        source: .executor, uuid: UpdateID(slave: index, number: number))
      tell(.slave(index, .statusUpdate(framework, status)))
    default: throw BadCommand(text: words.joined(separator: " "))
    }
  }

  /// `give FRAMEWORK SLAVE RESOURCES [and FRAMEWORK SLAVE RESOURCES]`: the next allocation run.
  private mutating func give(_ words: [String]) throws {
    var allocations: [Allocation] = []
    for part in words.split(separator: "and").map(Array.init) {
      guard part.count == 3, let framework = FrameworkIndex(part[0]),
        let slave = SlaveIndex(part[1])
      else { throw BadCommand(text: words.joined(separator: " ")) }
      allocations.append(
        Allocation(
          framework: framework, role: .unreserved, slave: slave,
          resources: try Resources(parsing: part[2])))
    }
    script.next.withLock { [allocations] in $0 = allocations }
    tell(.deadline)
  }

  private mutating func scheduler(_ verb: String, _ words: [String], _ line: String) throws {
    guard let framework = words.first.flatMap(FrameworkIndex.init) else {
      throw BadCommand(text: line)
    }
    let rest = Array(words.dropFirst())
    let call: SchedulerCall
    switch verb {
    case "register": call = .register(FrameworkInfo(name: rest.first ?? "f\(framework)"))
    case "unregister": call = .unregister
    case "deactivate": call = .deactivate
    case "revive": call = .reviveOffers
    case "suppress": call = .suppressOffers
    case "kill": call = .killTask(TaskID(rest.first ?? ""))
    case "decline": call = .declineOffers(rest.compactMap { OfferID($0) }, Filters())
    case "acknowledge":
      guard rest.count == 3, let number = UInt32(rest[2]), let slave = SlaveIndex(rest[0]) else {
        throw BadCommand(text: line)
      }
      call = .acknowledge(
        SlaveID("m1-S\(slave)"), TaskID(rest[1]), UpdateID(slave: slave, number: number))
    case "launch": call = try launch(rest, line)
    default: throw BadCommand(text: line)
    }
    tell(.scheduler(framework, call))
  }

  private static let executor = ExecutorInfo("e", command: CommandInfo("./run"))

  /// `launch FRAMEWORK OFFER[,OFFER] TASK@SLAVE=RESOURCES[|PROGRAM] …`; a task is a command unless
  /// `PROGRAM` is `executor`, `both` or `neither`.
  private func launch(_ words: [String], _ line: String) throws -> SchedulerCall {
    guard let first = words.first else { throw BadCommand(text: line) }
    let offers = first.split(separator: ",").compactMap { OfferID(String($0)) }
    let tasks = try words.dropFirst().map { word in
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      let names = (parts.first ?? "").split(
        separator: "@", maxSplits: 1, omittingEmptySubsequences: false
      ).map(String.init)
      guard parts.count == 2, names.count == 2 else { throw BadCommand(text: line) }
      let program = parts[1].split(separator: "|").map(String.init)
      var task = TaskInfo(
        name: names[0], taskID: TaskID(names[0]), slaveID: SlaveID(names[1]),
        resources: try Resources(parsing: program[0]), command: CommandInfo("sleep 1"))
      switch program.dropFirst().first {
      case nil: break
      case "executor": (task.command, task.executor) = (nil, Self.executor)
      case "both": task.executor = Self.executor
      case "neither": task.command = nil
      default: throw BadCommand(text: line)
      }
      return task
    }
    return .launchTasks(offers, tasks, Filters())
  }
}
