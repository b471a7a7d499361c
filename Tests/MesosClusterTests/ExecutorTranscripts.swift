// Part of mesosim. Apache-2.0, see LICENSE.
//
// A slave with executors, a framework's own and Mesos's: each command is what happens to them,
// what it prints are the callbacks of the former and the slave's reports, each with its second.

import MesosTestKit
import Testing

@testable import MesosCluster

@Suite("Executor transcripts")
struct ExecutorTranscripts {
  @Test(
    "the executor is called as written",
    arguments: Transcript.all(besides: #filePath, in: "Transcripts/Executor"))
  func transcript(_ transcript: Transcript) throws {
    let stage = ExecutorStage()
    try transcript.check { try stage.execute($0) }
  }

  @Test("there are transcripts to run")
  func transcriptsExist() {
    #expect(!Transcript.all(besides: #filePath, in: "Transcripts/Executor").isEmpty)
  }
}

/// A slave with its machine, and the hand that drives them.
private final class ExecutorStage {
  struct BadCommand: Error {
    let text: String
  }

  private static let info = ExecutorInfo(
    "e", command: CommandInfo("./e"), resources: Resources(cpus: 0.1, mem: 32))

  private var rig = SlaveRig()

  /// `slave [0.20] [kept] [killing]`: another slave, at second 0, its framework perhaps one that
  /// checkpoints or knows KILLING; `launch TASK`, for an executor of the framework's own;
  /// `command TASK`, `kill TASK`; `crash`, `restart` of the slave's process; `until SECONDS`.
  func execute(_ line: String) throws -> [String] {
    let words = line.split(separator: " ").map(String.init)
    switch words[0] {
    case "slave":
      let settings = words.contains("0.20") ? SlaveSettings.mesos0_20 : SlaveSettings()
      let rig = SlaveRig(
        settings: settings, isKept: words.contains("kept"),
        capabilities: words.contains("killing") ? [.taskKillingState] : [])
      rig.executors["e"] = { [unowned rig] in NotingExecutor(rig, $0) }
      self.rig = rig
    case "launch": rig.launch(words[1], executor: Self.info)
    case "command": rig.launch(words[1])
    case "kill": rig.kill(words[1])
    case "crash": rig.host.crashProcess()
    case "restart":
      rig.host.restartProcess()
      rig.host.detect(0)
    case "until": rig.run(until: Double(words[1]) ?? 0)
    default: throw BadCommand(text: line)
    }
    return rig.takeNotes()
  }
}
