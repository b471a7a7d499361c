// Part of mesosim. Apache-2.0, see LICENSE.
//
// A slave, driven by hand: each command is an input, what it prints are the slave's actions.

import Mesos
import MesosCluster
import Testing
import TranscriptSupport
import VirtualTime

@Suite("Slave transcripts")
struct SlaveTranscriptTests {
  @Test(
    "the slave answers as written",
    arguments: Transcript.all(besides: #filePath, in: "Transcripts/Slave"))
  func transcript(_ transcript: Transcript) throws {
    var stage = SlaveStage()
    try transcript.check { try stage.execute($0) }
  }

  @Test("there are transcripts to run")
  func transcriptsExist() {
    #expect(Transcript.all(besides: #filePath, in: "Transcripts/Slave").count >= 4)
  }
}

struct SlaveStage {
  struct BadCommand: Error {
    let text: String
  }

  private var slave = Slave(
    index: 0, info: SlaveInfo(hostname: "host-0", resources: Resources(cpus: 4, mem: 4096)))
  private var actions = ActionBuffer<SlaveAction>()

  /// `start`, `registered ID`, `run FRAMEWORK TASK`, `kill FRAMEWORK TASK`,
  /// `acknowledge FRAMEWORK TASK NUMBER`, `shutdown FRAMEWORK`, `executor FRAMEWORK TASK STATE`.
  mutating func execute(_ line: String) throws -> [String] {
    let words = line.split(separator: " ").map(String.init)
    let framework = words.count > 1 ? FrameworkIndex(words[1]) ?? 0 : 0
    let task = TaskID(words.count > 2 ? words[2] : "")
    let input: SlaveInput
    switch words.first {
    case "start": input = .start
    case "registered": input = .master(.registered(SlaveID(words[1])))
    case "run":
      let info = TaskInfo(
        name: task.value, taskID: task, slaveID: "m1-S0", resources: Resources(cpus: 1),
        command: CommandInfo("sleep 1"))
      input = .master(.runTask(framework, info))
    case "kill": input = .master(.killTask(framework, task))
    case "shutdown": input = .master(.shutdownFramework(framework))
    case "acknowledge":
      guard words.count == 4, let number = UInt32(words[3]) else { throw BadCommand(text: line) }
      input = .master(.acknowledge(framework, task, UpdateID(slave: 0, number: number)))
    case "executor":
      guard words.count == 4, let state = TaskState.allCases.first(where: { "\($0)" == words[3] })
      else { throw BadCommand(text: line) }
      input = .executor(framework, task, state, message: "")
    default: throw BadCommand(text: line)
    }
    slave.handle(input, at: .start, into: &actions)
    var lines: [String] = []
    while let effect = actions.nextEffect() { lines.append(describe(effect)) }
    return lines
  }

  private func describe(_ action: SlaveAction) -> String {
    switch action {
    case .toMaster(.register(let info)): "to master: register \(info.hostname) \(info.resources)"
    case .toMaster(.statusUpdate(let framework, let status)):
      "to master: update of \(framework): \(text(of: status))"
    case .startContainer(let framework, let task): "start \(task.taskID) of \(framework)"
    case .killContainer(let framework, let task): "kill \(task) of \(framework)"
    }
  }
}
