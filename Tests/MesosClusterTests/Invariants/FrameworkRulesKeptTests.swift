// Part of mesosim. Apache-2.0, see LICENSE.
//
// Rules of frameworks' own, and what else they say in words.

import Mesos
import MesosTestKit
import SimulationKernel
import Testing
import VirtualTime

@testable import MesosCluster

@Suite("What frameworks say of themselves")
struct FrameworkRulesKeptTests {
  @Test("a rule that does not hold is a violation, told with the framework's name")
  func broken() throws {
    let rig = try Rig()
    rig.run(until: 20)
    let checker = InvariantChecker(watching: rig.cluster)
    let journal = rig.schedulers[0].environment.journal
    journal.assure("two are enough") { true }
    checker.record(.jobSubmitted(0, JobID(1)), at: rig.simulation.now)
    #expect(checker.violation == nil)
    journal.assure("two are enough") { false }
    journal.assure("three are too many") { false }
    checker.record(.jobSubmitted(0, JobID(2)), at: rig.simulation.now)
    #expect(checker.violation?.invariant == "framework-rules-kept")
    #expect(checker.violation?.message == "f0: two are enough")
  }

  @Test("where nothing is checked, rules are not even asked")
  func unchecked() throws {
    let rig = try Rig()
    rig.run(until: 20)
    var asked = 0
    rig.schedulers[0].environment.journal.assure("never") {
      asked += 1
      return false
    }
    #expect(asked == 0)
  }

  @Test("of a change the last word counts, and what several say of waiting adds up")
  func notes() throws {
    let rig = try Rig()
    rig.run(until: 20)
    let journal = rig.schedulers[0].environment.journal
    var change = ServiceChange(id: "1", what: "grow", began: .start)
    journal.changes(change)
    journal.changes(ServiceChange(id: "2", what: "shrink", began: .start))
    change.outcome = .done
    journal.changes(change)
    let notes = rig.cluster.serviceNotes.changes(of: 0)
    #expect(notes.map(\.what) == ["grow", "shrink"])
    #expect(notes.map(\.outcome) == [.done, .underWay])
    for offers in [2, 3] {
      journal.waits(GroupID(0)) {
        ServiceWait("web", offers: 5, reasons: [ServiceWait.Reason("full", offers: offers)])
      }
    }
    let waits = rig.cluster.serviceNotes.waits(of: 0)
    #expect(waits.map(\.offers) == [10])
    #expect(waits[0].reasons.map(\.offers) == [5])
  }
}
