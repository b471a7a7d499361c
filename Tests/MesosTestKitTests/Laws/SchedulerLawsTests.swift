// Part of mesosim. Apache-2.0, see LICENSE.

import ExampleFramework
import MesosFrameworks
import MesosTestKit
import Testing

@Suite("Laws of schedulers")
struct SchedulerLawsTests {
  /// Breaks what it is told to.
  private final class Careless: Scheduler {
    let broken: SchedulerLaw
    private var launched = 0

    init(breaking broken: SchedulerLaw) { self.broken = broken }

    func reregistered(_ driver: any SchedulerDriver, masterInfo: MasterInfo) {
      if broken != .reconcilesAfterFailover { driver.reconcileTasks([]) }
    }

    func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
      for offer in offers where broken != .answersOffers || launched == 0 {
        let cpus = broken == .launchesWhatIsValid ? 400.0 : 1
        let isWanted = launched < 1
        if !isWanted {
          driver.declineOffer(offer.id)
          continue
        }
        launched += 1
        driver.launchTasks(
          offer.id,
          [
            TaskInfo(
              name: "t", taskID: TaskID("t\(launched)"), slaveID: offer.slaveID,
              resources: Resources(cpus: cpus, mem: 64), command: CommandInfo("sleep 10"))
          ])
      }
    }

    func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
      // One more for each that is done: two, where the news of one comes twice.
      if broken == .survivesRepetition, status.state == .finished { launched -= 1 }
    }
  }

  @Test(
    "a scheduler that breaks one is found out, and breaks no other",
    arguments: SchedulerLaw.allCases)
  func broken(law: SchedulerLaw) throws {
    let laws = SchedulerLaws { _ in Careless(breaking: law) }
    let found = try laws.violations()
    #expect(found.contains { $0.hasPrefix("\(law): ") }, "\(found)")
    // What never runs cannot be asked for.
    let others = found.filter { !$0.hasPrefix("\(law): ") && !$0.contains("launched nothing") }
    #expect(others.allSatisfy { law == .launchesWhatIsValid && $0.hasPrefix("reconciles") })
  }

  @Test("the example keeps all but one")
  func example() throws {
    let laws = SchedulerLaws { ExampleFramework(tasks: 20, environment: $0) }
    #expect(
      try laws.violations() == [
        "reconcilesAfterFailover: it had tasks when the master failed over, and did not ask for them"
          + " in 120 s"
      ])
  }

  @Test("batch keeps all of them")
  func batch() throws {
    let stage = Stage(
      name: "s", tasks: 10, resources: Resources(cpus: 1, mem: 64),
      durations: .constant(.seconds(30)))
    let jobs = (0..<10).map { number in
      Job(
        id: JobID(number), name: "j\(number)", submitted: .start + .seconds(Double(number) * 20),
        stages: [stage])
    }
    let laws = SchedulerLaws { BatchScheduler(jobs: JobList(jobs), environment: $0) }
    #expect(try laws.violations() == [])
  }

  @Test("service keeps all of them")
  func service() throws {
    var options = ServiceOptions()
    options.command = "sleep 100000"
    let laws = SchedulerLaws { ServiceScheduler(options: options, environment: $0) }
    #expect(try laws.violations() == [])
  }
}
