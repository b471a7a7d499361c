// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosFrameworks
import Testing

@Suite("Aurora: rules")
struct AuroraRuleTests {
  private func job(_ extra: String, task: String = "") throws -> AuroraJob {
    let text = """
      {"cluster": "c", "role": "r", "environment": "prod", \(extra)
       "task": {"resources": {"cpu": 1, "ram": 1048577, "disk": 1048576}, \(task)
                "processes": [{"name": "main", "cmdline": "x"}]}}
      """
    return try AuroraJob(JSONValue(parsing: text))
  }

  @Test("a job is named by its first process, and its key says where it is")
  func key() throws {
    let job = try job("")
    #expect(job.key == "c/r/prod/main")
    #expect(job.amounts == AuroraAmounts(cpus: 1, ram: 1, disk: 1))
  }

  @Test("what is refused is named by its field")
  func fields() {
    #expect {
      try job(#""instances": "3","#)
    } throws: {
      "\($0)" == #"job.instances: expected a whole number, got "3""#
    }
    #expect {
      try job("", task: #""constraints": [{"order": ["main", "x"]}],"#)
    } throws: {
      "\($0)".hasPrefix("job.task.processes: order(main, x)")
    }
    #expect {
      try job(#""constraints": {"rack": "limit:few"},"#)
    } throws: {
      "\($0)" == "job.constraints.rack: 'limit:few' has no whole number as limit"
    }
  }

  @Test("the tier decides about production, whatever the flag says")
  func tier() throws {
    #expect(try !job(#""production": true,"#).isProduction)
    #expect(try job(#""tier": "preferred","#).isProduction)
  }

  @Test(
    "a scalar reads as Java writes a double",
    arguments: [
      (4, "4.0"), (0.25, "0.25"), (1e7, "1.0E7"), (12_345_678, "1.2345678E7"), (0.0005, "5.0E-4"),
      (-2.5e20, "-2.5E20"), (9_999_999, "9999999.0"),
    ])
  func scalars(number: Double, text: String) {
    var attributes = AuroraAttributes()
    attributes.add("a", number)
    #expect(attributes["a"] == [text])
  }

  @Test("every state goes only where the table says, and nothing comes back from the dead")
  func transitions() {
    let context = AuroraTransition.Context(isService: true)
    var legal = 0
    for from in AuroraTaskState.allCases {
      for to in AuroraTaskState.allCases {
        let change = AuroraTransition(from: from, to: to, context)
        if change.kind == .legal { legal += 1 } else { #expect(change.state == from) }
        #expect(
          change.effects.contains(.save) == (change.kind == .legal && change.state != .deleted))
        if from.isTerminal && change.kind == .legal { #expect(to == .deleted) }
      }
    }
    #expect(legal == 73)
  }

  @Test("an update without anything to do is done")
  func emptyUpdate() {
    var update = RollingUpdate(.queue(2), current: [0, 1], desired: [0, 1], unchanged: [0, 1])
    let begun = update.advance()
    #expect(begun == [])
    #expect(update.status == .rolledForward)
  }

  @Test("a schedule for a day that never comes has no next run")
  func never() throws {
    #expect(try CronSchedule("0 0 31 2 *").next(after: 0) == nil)
    #expect(throws: CronFault.self) { try CronSchedule(" 0 0 1 2 *") }
  }
}
