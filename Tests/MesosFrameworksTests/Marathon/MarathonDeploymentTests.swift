// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosFrameworks

@Suite("Marathon: deployments")
struct MarathonDeploymentTests {
  private let web = AppPath("/w")

  private func stage(
    instances: Int = 4, health: Double = 1, over: Double = 1
  ) throws -> MarathonStage {
    let stage = try MarathonStage(
      """
      {"id": "w", "cmd": "./w", "cpus": 1, "mem": 1, "ports": [], "instances": \(instances),
       "upgradeStrategy": {"minimumHealthCapacity": \(health), "maximumOverCapacity": \(over)}}
      """)
    for _ in 0..<instances { try stage.offer("cpus:1;mem:10") }
    stage.runAll()
    _ = stage.driver.takeTexts()
    return stage
  }

  /// Offers room for so many, and says of each that it runs.
  private func run(_ count: Int, _ stage: MarathonStage) throws -> [String] {
    var calls: [String] = []
    for _ in 0..<count {
      let before = stage.launched.count
      calls += try stage.offer("cpus:1;mem:10")
      for task in stage.launched[before...] { stage.update(task, .running) }
      calls += stage.driver.takeTexts()
    }
    return calls.filter { $0.hasPrefix("kill") }
  }

  @Test("scaling up starts what is missing, and is done when it runs")
  func scaleUp() throws {
    let stage = try stage()
    try stage.api.scale(web, to: 6)
    #expect(stage.api.deployments.count == 1)
    #expect(try run(2, stage) == [])
    #expect(stage.api.deployments.isEmpty)
    #expect(stage.launched.suffix(2) == ["w.4.1", "w.5.1"])
  }

  @Test("scaling down stops the youngest first, and is done when they are gone")
  func scaleDown() throws {
    let stage = try stage()
    stage.environment.advance(toSecond: 10)
    try stage.api.scale(web, to: 5)
    _ = try run(1, stage)
    try stage.api.scale(web, to: 3)
    #expect(stage.takeKills() == ["kill w.4.1", "kill w.0.1"])
    stage.update("w.4.1", .killed)
    #expect(stage.api.deployments.count == 1)
    stage.update("w.0.1", .killed)
    #expect(stage.api.deployments.isEmpty)
  }

  @Test("what is killed with scaling goes first, and nothing comes in its place")
  func killAndScale() throws {
    let stage = try stage()
    try stage.api.kill(["w.2.1"], of: web, scales: true)
    #expect(stage.takeKills() == ["kill w.2.1"])
    stage.update("w.2.1", .killed)
    #expect(stage.scheduler.apps[web]?.wanted == 3)
    #expect(try stage.offer() == ["decline m-O5 for 120.0 s"])
  }

  @Test("an upgrade with twice the room starts all new ones, and stops an old one for each")
  func fullOverCapacity() throws {
    let stage = try stage()
    try stage.api.update(web, with: #"{"cmd": "./v2"}"#)
    #expect(stage.takeKills() == [])
    #expect(try run(1, stage) == ["kill w.0.1"])
    #expect(try run(3, stage).count == 3)
    for number in 0..<4 { stage.update("w.\(number).1", .killed) }
    #expect(stage.api.deployments.isEmpty)
    #expect(stage.scheduler.apps[web]?.specs.count == 1)
  }

  @Test("an upgrade without room beyond what is wanted stops before it starts")
  func noOverCapacity() throws {
    let stage = try stage(health: 0.5, over: 0)
    try stage.api.update(web, with: #"{"cmd": "./v2"}"#)
    #expect(stage.takeKills() == ["kill w.0.1", "kill w.1.1"])
    #expect(try stage.offer("cpus:1;mem:10") == ["decline m-O5 for 120.0 s"])
    stage.update("w.0.1", .killed)
    #expect(try run(1, stage) == ["kill w.2.1"])
    #expect(try stage.offer("cpus:1;mem:10") == ["decline m-O7 for 120.0 s"])
  }

  @Test("where all must stay and no more may be there, one more is there for a time")
  func oneAtATime() throws {
    let stage = try stage(over: 0)
    try stage.api.update(web, with: #"{"cmd": "./v2"}"#)
    for number in 0..<4 {
      #expect(try run(1, stage) == ["kill w.\(number).1"])
      #expect(try run(1, stage) == [])
      stage.update("w.\(number).1", .killed)
    }
    #expect(stage.api.deployments.isEmpty)
  }

  @Test("nothing old is stopped while fewer are healthy than have to be")
  func minimumHealth() throws {
    let stage = try stage()
    try stage.api.update(web, with: #"{"cmd": "./v2"}"#)
    // Two old ones fail; two new ones only make up for them.
    stage.update("w.0.1", .failed)
    stage.update("w.1.1", .failed)
    #expect(try run(2, stage) == [])
    #expect(try run(1, stage) == ["kill w.2.1"])
  }

  @Test("an old instance that fails during an upgrade does not come again")
  func oldOnesStayGone() throws {
    let stage = try stage(instances: 1)
    try stage.api.update(web, with: #"{"cmd": "./v2"}"#)
    stage.update("w.0.1", .failed)
    _ = try run(1, stage)
    #expect(stage.launched.last == "w.1.1")
    #expect(stage.api.deployments.isEmpty)
  }

  @Test("an app under deployment is locked: another change is refused with 409, unless forced")
  func locked() throws {
    let stage = try stage()
    try stage.api.update(web, with: #"{"cmd": "./v2"}"#)
    do throws(AppRefusal) {
      try stage.api.scale(web, to: 9)
      Issue.record("it was not refused")
    } catch {
      #expect(error.status == 409)
      #expect(error.deployments == ["d2"])
    }
    try stage.api.scale(web, to: 9, isForced: true)
    #expect(stage.api.deployments == ["d3"])
    #expect(stage.scheduler.apps[web]?.wanted == 9)
  }

  @Test("a deployment is undone by another one to what was before")
  func rollback() throws {
    let stage = try stage()
    try stage.api.update(web, with: #"{"cmd": "./v2"}"#)
    _ = try run(1, stage)
    let receipt = try stage.api.cancel(deployment: "d2")
    #expect(receipt?.deploymentID == "d3")
    #expect(stage.scheduler.apps[web]?.definition?.command == "./w")
    #expect(stage.api.deployments == ["d3"])
  }

  @Test("with force a deployment is just given up")
  func givenUp() throws {
    let stage = try stage()
    try stage.api.update(web, with: #"{"cmd": "./v2"}"#)
    #expect(try stage.api.cancel(deployment: "d2", isForced: true) == nil)
    #expect(stage.api.deployments.isEmpty)
    #expect(stage.scheduler.apps[web]?.definition?.command == "./v2")
  }

  @Test("an earlier version is deployed again by its name alone")
  func earlierVersion() throws {
    let stage = try stage(instances: 1)
    stage.environment.advance(toSecond: 60)
    try stage.api.update(web, with: #"{"cmd": "./v2"}"#)
    _ = try run(1, stage)
    stage.update("w.0.1", .killed)
    #expect(throws: AppRefusal.self) {
      try stage.api.update(web, with: #"{"version": "1970-01-01T00:00:00.000Z", "cpus": 1}"#)
    }
    try stage.api.update(web, with: #"{"version": "1970-01-01T00:00:00.000Z"}"#)
    #expect(stage.scheduler.apps[web]?.definition?.command == "./w")
  }

  @Test("what only looks different is no change, and a restart replaces all the same")
  func unchanged() throws {
    let stage = try stage(instances: 1)
    try stage.api.update(web, with: #"{"cmd": "./w"}"#)
    #expect(stage.api.deployments.isEmpty)
    #expect(stage.launched.count == 1)
    try stage.api.restart(web)
    #expect(try run(1, stage) == ["kill w.0.1"])
  }

  @Test("a deleted app ends with its last instance")
  func delete() throws {
    let stage = try stage(instances: 2)
    try stage.api.delete(web)
    #expect(stage.takeKills().count == 2)
    stage.update("w.0.1", .killed)
    stage.update("w.1.1", .killed)
    #expect(stage.scheduler.apps.isEmpty)
    #expect(throws: AppRefusal.self) { try stage.api.delete(web) }
  }

  @Test("an app begins when what it depends on runs")
  func dependencies() throws {
    let stage = try MarathonStage()
    let body = try JSONValue(
      parsing: """
        {"id": "/", "apps": [
          {"id": "front", "cmd": "./front", "ports": [], "dependencies": ["back"]},
          {"id": "back", "cmd": "./back", "ports": [], "dependencies": ["/db"]}],
         "groups": [{"id": "db", "apps": [{"id": "mongo", "cmd": "./mongo", "ports": []}]}]}
        """)
    try stage.api.create(try AppGroup.apps(body))
    try stage.offer()
    #expect(stage.launched == ["db_mongo.0.1"])
    stage.runAll()
    try stage.offer()
    #expect(stage.launched.last == "back.0.1")
    stage.runAll()
    try stage.offer()
    #expect(stage.launched.last == "front.0.1")
  }

  @Test("what depends on itself, or on what is not there, is refused with 422")
  func senselessDependencies() throws {
    let stage = try MarathonStage()
    func status(_ text: String) throws -> Int {
      let body = try JSONValue(parsing: text)
      do throws(AppRefusal) { try stage.api.create(try AppGroup.apps(body)) } catch {
        return error.status
      }
      return 201
    }
    #expect(try status(#"{"id": "a", "cmd": "./a", "dependencies": ["b"]}"#) == 422)
    #expect(
      try status(
        #"[{"id": "a", "cmd": "./a", "dependencies": ["b"]}, {"id": "b", "cmd": "./b", "dependencies": ["a"]}]"#
      ) == 422)
    #expect(stage.scheduler.apps.isEmpty)
  }

  @Test("an instance that is not ready holds an upgrade up")
  func readiness() throws {
    let stage = try MarathonStage(
      """
      {"id": "w", "cmd": "./w", "portDefinitions": [{"port": 0, "name": "main"}],
       "readinessChecks": [{"portName": "main"}]}
      """)
    try stage.offer()
    stage.runAll()
    #expect(stage.api.deployments == ["d1"])
    stage.check("w.0.1", status: 503)
    #expect(stage.api.deployments == ["d1"])
    stage.check("w.0.1", status: 200)
    #expect(stage.api.deployments.isEmpty)
  }
}

@Suite("Marathon: what users see")
struct MarathonViewTests {
  @Test("an app is shown with its tasks, its deployment, and the versions that it has")
  func app() throws {
    let stage = try MarathonStage(
      #"{"id": "w", "cmd": "./w", "instances": 2, "healthChecks": [{}]}"#)
    try stage.offer(on: "h")
    stage.update("w.0.1", .running)
    stage.check("w.0.1", status: 200)
    let view = try stage.api.view(AppPath("/w"))
    #expect(view["tasksStaged"]?.whole == 1)
    #expect(view["tasksRunning"]?.whole == 1)
    #expect(view["tasksHealthy"]?.whole == 1)
    #expect(view["deployments"]?.array?.first?["id"]?.string == "d1")
    #expect(view["version"]?.string == "1970-01-01T00:00:00.000Z")
    #expect(view["mem"]?.double == 128)
    let tasks = stage.api.tasks(of: AppPath("/w"))
    #expect(tasks.map { $0["id"]?.string } == ["w.0.1", "w.1.1"])
    #expect(tasks[0]["host"]?.string == "h")
    #expect(tasks[0]["state"]?.string == "TASK_RUNNING")
    #expect(tasks[0]["ports"]?.array?.count == 1)
    #expect(throws: AppRefusal.self) { try stage.api.view(AppPath("/nobody")) }
  }

  @Test("a deployment is shown with its steps and what is done now")
  func deployment() throws {
    let stage = try MarathonStage(#"{"id": "w", "cmd": "./w"}"#)
    let view = try #require(stage.api.deploymentViews.first)
    #expect(view["totalSteps"]?.whole == 2)
    #expect(view["currentStep"]?.whole == 2)
    #expect(view["currentActions"]?.array?.first?["action"]?.string == "ScaleApplication")
    #expect(view["affectedApps"]?.array?.first?.string == "/w")
  }

  @Test("what waits is shown with its delay and the offers that it could not use")
  func queue() throws {
    let stage = try MarathonStage(#"{"id": "w", "cmd": "./w", "cpus": 4, "backoffSeconds": 60}"#)
    try stage.offer("cpus:1;mem:1000")
    let waiting = try #require(stage.api.queue.first)
    #expect(waiting["count"]?.whole == 1)
    #expect(waiting["delay"]?["overdue"]?.bool == true)
    let summary = try #require(waiting["processedOffersSummary"])
    #expect(summary["unusedOffersCount"]?.whole == 1)
    let funnel = summary["rejectSummaryLaunchAttempt"]?.array ?? []
    #expect(funnel.map { $0["declined"]?.whole } == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0])
    #expect(funnel.map { $0["processed"]?.whole } == [1, 1, 1, 1, 1, 0, 0, 0, 0, 0])
    try stage.offer("cpus:4;mem:1000;ports:[1-9]")
    stage.update("w.0.1", .failed)
    #expect(stage.api.queue.first?["delay"]?["timeLeftSeconds"]?.whole == 60)
  }
}

@Suite("Marathon: processes")
struct MarathonProcessTests {
  private let app =
    #"{"id": "w", "cmd": "./w", "instances": 2, "constraints": [["hostname", "UNIQUE"]]}"#

  @Test("the next process knows apps, instances and where these are")
  func takesOver() throws {
    let store = MemoryStore()
    let first = try MarathonStage(app, store: store)
    try first.offer()
    let next = try MarathonStage(app, store: store)
    #expect(
      next.driver.takeTexts().filter { $0.hasPrefix("rec") } == ["reconcile 0"])
    // What the master says nothing of is asked for by name.
    next.environment.advance(toSecond: 15)
    #expect(next.driver.takeTexts().filter { $0.hasPrefix("rec") } == ["reconcile 1"])
    next.scheduler.update(next.driver, "w.0.1", .running)
    try next.offer(on: "a")
    #expect(next.launched.isEmpty)
    try next.offer(on: "b")
    // What waited had no task; another of it waits now.
    #expect(next.launched == ["w.64.1"])
  }

  @Test("numbers of instances are never used twice, whatever a process knew of them")
  func numbers() throws {
    let store = MemoryStore()
    let first = try MarathonStage(app, store: store)
    try first.offer()
    first.update("w.0.1", .lost, reason: .slaveRemoved)
    let next = try MarathonStage(app, store: store)
    next.scheduler.update(next.driver, "w.1.1", .running)
    try next.offer(on: "b")
    try next.offer(on: "c")
    #expect(Set(next.launched).isDisjoint(with: ["w.0.1"]))
  }

  @Test("a deployment goes on in the next process, with the health that it knew")
  func deploymentGoesOn() throws {
    let store = MemoryStore()
    let text =
      #"{"id": "w", "cmd": "./w", "healthChecks": [{}], "instances": 1, "upgradeStrategy":"#
      + #" {"minimumHealthCapacity": 1, "maximumOverCapacity": 0}}"#
    let first = try MarathonStage(text, store: store)
    try first.offer()
    first.runAll()
    first.check("w.0.1", status: 200)
    try first.api.update(AppPath("/w"), with: #"{"cmd": "./v2"}"#)
    let next = try MarathonStage(text, store: store)
    #expect(next.api.deployments == ["d2"])
    next.scheduler.update(next.driver, "w.0.1", .running)
    try next.offer()
    let new = try #require(next.launched.first)
    next.update(new, .running)
    _ = next.driver.takeTexts()
    next.check(new, status: 200)
    #expect(next.takeKills() == ["kill w.0.1"])
    next.scheduler.update(next.driver, "w.0.1", .killed)
    #expect(next.api.deployments.isEmpty)
  }

  @Test("kills go on in the next process")
  func killsGoOn() throws {
    let store = MemoryStore()
    let text = #"{"id": "w", "cmd": "./w"}"#
    let first = try MarathonStage(text, store: store)
    try first.offer()
    first.runAll()
    try first.api.scale(AppPath("/w"), to: 0)
    let next = try MarathonStage(text, store: store)
    #expect(next.takeKills() == ["kill w.0.1"])
  }

  @Test("a task that nobody knows is killed")
  func unknownTask() throws {
    let stage = try MarathonStage(app)
    _ = stage.driver.takeTexts()
    stage.update("w.99.1", .running)
    #expect(stage.takeKills() == ["kill w.99.1"])
    stage.update("w.99.1", .killed)
    #expect(stage.takeKills() == [])
  }

  @Test("acts are done at their times, once, and late if nobody was there; refusals are told")
  func acts() throws {
    let store = MemoryStore()
    let acts = [
      FrameworkAct(
        at: .seconds(10), verb: "scale",
        entries: [.init(key: "scale", value: .text("w")), .init(key: "to", value: .integer(1))]),
      FrameworkAct(
        at: .seconds(20), verb: "restart",
        entries: [.init(key: "restart", value: .text("nobody"))]),
    ]
    let first = try MarathonStage(app, store: store) { $0.acts = acts }
    first.environment.advance(toSecond: 9)
    #expect(first.scheduler.apps[AppPath("/w")]?.wanted == 2)
    first.environment.advance(toSecond: 10)
    // The app is still being deployed.
    #expect(first.scheduler.apps[AppPath("/w")]?.wanted == 2)
    #expect(first.scheduler.actsDone == 1)
    let next = try MarathonStage(app, store: store) { $0.acts = acts }
    next.environment.advance(toSecond: 20)
    #expect(next.scheduler.actsDone == 2)
  }
}
