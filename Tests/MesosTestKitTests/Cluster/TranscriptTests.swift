// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import MesosTestKit
import Testing

@Suite("Transcripts of a cluster")
struct TranscriptTests {
  private func cluster() throws -> TestCluster {
    let cluster = try TestCluster(slaves: 2)
    cluster.register("web") { Keeper(1, $0) }
    return cluster
  }

  /// Says how many tasks there are of a framework.
  private static func count(_ words: CommandWords, _ cluster: TestCluster) throws -> String {
    let name = try words.word(1)
    return "\(cluster.frameworks.filter { $0.name == name }.map(\.tasks.count).reduce(0, +)) tasks"
  }

  @Test("commands of a file print what is written there, those of the test among them")
  func performs() throws {
    try cluster().perform(transcript: "crossing", commands: ["count": Self.count])
  }

  @Test("what a test did and what came of it is as written")
  func matches() throws {
    let cluster = try cluster()
    try cluster.run(for: .seconds(5))
    cluster.crash(cluster.slaves[0])
    try cluster.run(for: .seconds(90))
    try cluster.transcript(matches: "crash")
  }

  @Test("all verbs of faults and rules")
  func verbs() throws {
    let cluster = try cluster()
    for line in [
      "expect web running 1 30", "pause node-1", "mend", "partition node-1 masters one-way", "mend",
      "reset node-1", "watch offers", "run 20",
    ] {
      if line.hasPrefix("watch") {
        #expect(throws: CommandError.self) { try cluster.execute(line) }
      } else {
        _ = try cluster.execute(line)
      }
    }
    for verb in ["lose", "drop", "duplicate", "reorder", "delay", "hold"] {
      _ = try cluster.execute("\(verb) statusUpdate to=web by=1 times=1")
    }
    _ = try cluster.execute("release")
    #expect(try cluster.execute("kill web").isEmpty)
    #expect(try cluster.execute("restart web").isEmpty)
    #expect(try !cluster.execute("run 30").isEmpty)
    _ = try cluster.execute("fail-over master")
    _ = try cluster.execute("fail-over web")
    #expect(throws: TestFailure.self) { try cluster.execute("remove") }
    #expect(throws: TestFailure.self) { try cluster.execute("expect web lost 7") }
  }

  @Test(
    "a line that is no command says where, what and what to do",
    arguments: [
      "dance", "run", "run x", "crash node-9", "hold nothing", "expect web dancing 1", "mend",
      "release", "delay statusUpdate", "tasks who", "partition web",
    ])
  func notUnderstood(line: String) throws {
    let error = try #require(throws: CommandError.self) { try cluster().execute(line) }
    #expect(error.description.hasPrefix("'\(line)': '"))
  }

  @Test(
    "a file that is not there or differs says how it is made",
    .disabled(if: ProcessInfo.processInfo.environment["UPDATE_TRANSCRIPTS"] != nil))
  func files() throws {
    let missing = try #require(throws: TranscriptError.self) {
      try cluster().perform(transcript: "missing")
    }
    #expect(missing.description.contains("write the commands into it"))
    let none = try #require(throws: TranscriptError.self) {
      try cluster().transcript(matches: "missing")
    }
    #expect(none.description.hasSuffix("UPDATE_TRANSCRIPTS=1 swift test makes it"))
    let differs = try #require(throws: TranscriptError.self) {
      try Transcript("crash").check("something else\n")
    }
    #expect(differs.description.contains("line 1:\n- 00:00:00.002  web <- registered"))
    #expect(differs.description.hasSuffix("+ something else\n+ "))
  }
}
