// Part of mesosim. Apache-2.0, see LICENSE.
//
// Frameworks' own executors on a slave: their drivers, and what they live through (Rules 3.5,
// 8.4, 8.6).

import Mesos
import Testing
import VirtualTime

@testable import MesosCluster

@Suite("Executors")
struct ExecutorTests {
  private static let info = ExecutorInfo(
    "e", command: CommandInfo("./e"), resources: Resources(cpus: 0.1, mem: 32))

  private func rig(
    isKept: Bool = false, times: [ServiceTimes.ExecutorKind: Duration] = [:],
    _ setUp: @escaping (NotingExecutor) -> Void = { _ in }
  ) -> SlaveRig {
    let rig = SlaveRig(executorTimes: times, isKept: isKept)
    rig.executors["e"] = { [unowned rig] environment in
      let executor = NotingExecutor(rig, environment)
      setUp(executor)
      return executor
    }
    return rig
  }

  @Test("an executor registers, runs tasks and stays")
  func life() {
    let rig = rig()
    rig.launch("t1", executor: Self.info)
    rig.run(until: 1)
    rig.launch("t2", executor: Self.info, isNew: false)
    rig.run(until: 2)
    rig.kill("t2")
    rig.tell(.frameworkMessage(0, "e", Array("abc".utf8)))
    rig.run(until: 20)
    #expect(
      rig.takeNotes() == [
        "0.0 registered e m1-S0", "0.0 launchTask t1", "0.0 t1 TASK_RUNNING",
        "1.0 launchTask t2", "1.0 t2 TASK_RUNNING",
        "2.0 killTask t2", "2.0 t2 TASK_KILLED", "2.0 e says cba",
        "10.0 t1 TASK_FINISHED",
      ])
    #expect(rig.host.executors == [ExecutorKey(framework: 0, executor: "e")])
    #expect(rig.host.resourcesInUse == Resources(cpus: 0.1, mem: 32))
    rig.tell(.shutdownFramework(0))
    rig.run(until: 30)
    #expect(rig.takeNotes() == ["20.0 shutdown"])
    #expect(rig.host.executors.isEmpty && rig.host.resourcesInUse.isEmpty)
  }

  @Test("a program that is not there exits with 127")
  func noProgram() {
    let rig = rig()
    rig.executors = [:]
    rig.launch("t1", executor: Self.info)
    rig.run(until: 1)
    #expect(
      rig.takeNotes() == [
        "0.0 executor e exited with 32512",
        "0.0 t1 TASK_LOST executorTerminated: Executor terminated",
      ])
  }

  @Test("an executor is busy with one message at a time, those behind it wait")
  func serviceTimes() {
    let rig = rig(times: [
      .registered: .seconds(1), .launchTask: .seconds(2), .frameworkMessage: .seconds(3),
    ])
    rig.launch("t1", executor: Self.info)
    rig.run(until: 10)
    rig.tell(.frameworkMessage(0, "e", Array("abc".utf8)))
    rig.launch("t2", executor: Self.info, isNew: false)
    // A kill takes no time, but waits behind what does.
    rig.kill("t2")
    rig.run(until: 20)
    #expect(
      rig.takeNotes() == [
        "1.0 registered e m1-S0", "3.0 launchTask t1", "3.0 t1 TASK_RUNNING",
        "13.0 e says cba", "13.0 t1 TASK_FINISHED",
        "15.0 launchTask t2", "15.0 killTask t2", "15.0 t2 TASK_RUNNING", "15.0 t2 TASK_KILLED",
      ])
  }

  @Test("stop ends an executor after what it has sent, abort too")
  func stopAndAbort() {
    for isStop in [true, false] {
      let rig = rig { executor in
        executor.onLaunch = { driver, task in
          driver.sendStatusUpdate(TaskStatus(taskID: task.taskID, state: .finished))
          #expect((isStop ? driver.stop() : driver.abort()) == (isStop ? .stopped : .aborted))
          #expect(driver.sendFrameworkMessage([]) == (isStop ? .stopped : .aborted))
          #expect(driver.stop() == (isStop ? .stopped : .aborted))
        }
      }
      rig.launch("t1", executor: Self.info)
      rig.launch("t2", executor: Self.info, isNew: false)
      rig.run(until: 1)
      #expect(
        rig.takeNotes() == [
          "0.0 registered e m1-S0", "0.0 launchTask t1", "0.0 t1 TASK_FINISHED",
          "0.0 executor e exited with \(isStop ? 0 : 256)",
          "0.0 t2 TASK_LOST executorTerminated: Executor terminated",
        ])
    }
  }

  @Test("who says TASK_STAGING is shut down")
  func staging() {
    let rig = rig { executor in
      executor.onLaunch = { driver, task in
        driver.sendStatusUpdate(TaskStatus(taskID: task.taskID, state: .staging))
      }
    }
    rig.launch("t1", executor: Self.info)
    rig.run(until: 1)
    #expect(
      rig.takeNotes().dropFirst(2) == [
        "0.0 shutdown", "0.0 executor e exited with 256",
        "0.0 t1 TASK_LOST executorTerminated: Executor terminated",
      ])
  }

  @Test("an executor that is killed loses its tasks, a command fails")
  func killed() {
    let rig = rig()
    rig.launch("t1", executor: Self.info)
    rig.launch("c", "sleep 100")
    rig.run(until: 1)
    _ = rig.takeNotes()
    #expect(rig.host.killExecutor(ExecutorKey(framework: 0, executor: "e")))
    #expect(rig.host.killExecutor(ExecutorKey(framework: 0, executor: "c")))
    #expect(!rig.host.killExecutor(ExecutorKey(framework: 0, executor: "none")))
    rig.run(until: 200)
    #expect(
      rig.takeNotes() == [
        "1.0 executor e exited with 9",
        "1.0 t1 TASK_LOST executorTerminated: Executor terminated",
        "1.0 c TASK_FAILED executorTerminated: Executor terminated",
      ])
  }

  @Test("NonCheckpointingFramework: executors and commands end with their slave's process")
  func nonCheckpointing() {
    let rig = rig()
    rig.launch("t1", executor: Self.info)
    rig.launch("c", "sleep 100")
    rig.run(until: 1)
    rig.host.crashProcess()
    rig.run(until: 3)
    rig.host.start()
    rig.host.detect(0)
    rig.run(until: 200)
    let notes = rig.takeNotes().map { String($0.drop { $0 != " " }.dropFirst()) }
    #expect(notes.suffix(2) == ["shutdown", "reregister "])
    #expect(rig.host.tasks.isEmpty)
    #expect(rig.host.executors.isEmpty)
  }

  @Test("ReconnectExecutor: what was sent while the slave was down arrives")
  func reconnect() {
    let rig = rig(isKept: true)
    rig.launch("t1", executor: Self.info)
    rig.launch("c", "sleep 11")
    rig.launch("d", "sleep 50")
    rig.run(until: 9)
    _ = rig.takeNotes()
    rig.host.crashProcess()
    rig.run(until: 15)
    rig.host.restartProcess()
    rig.host.detect(0)
    rig.run(until: 100)
    let notes = rig.takeNotes().map { String($0.drop { $0 != " " }.dropFirst()) }
    #expect(
      notes == [
        "disconnected", "reregistered",
        "reregister t1 TASK_FINISHED, c TASK_FINISHED, d TASK_RUNNING",
        "t1 TASK_FINISHED", "c TASK_FINISHED: Command exited with status 0",
        "d TASK_FINISHED: Command exited with status 0",
      ])
  }

  @Test("who waits for a slave too long is shut down, and so are commands")
  func recoveryTimeout() {
    let rig = rig(isKept: true)
    rig.launch("t1", executor: Self.info)
    rig.launch("c", "sleep 10000")
    rig.run(until: 1)
    _ = rig.takeNotes()
    rig.host.crashProcess()
    rig.run(until: 1000)
    #expect(rig.takeNotes() == ["1.0 disconnected", "901.0 shutdown"])
    rig.host.restartProcess()
    rig.host.detect(0)
    rig.run(until: 1010)
    let notes = rig.takeNotes().map { String($0.drop { $0 != " " }.dropFirst()) }
    #expect(
      notes == [
        "reregister t1 TASK_LOST, c TASK_FAILED",
        "t1 TASK_LOST executorTerminated: Executor terminated",
        "c TASK_FAILED executorTerminated: Executor terminated",
      ])
  }

  @Test("Reboot: all that was on the machine is gone, and the slave is another")
  func reboot() {
    let rig = rig(isKept: true)
    rig.launch("t1", executor: Self.info)
    rig.launch("c", "sleep 100")
    rig.run(until: 1)
    _ = rig.takeNotes()
    rig.host.crashMachine()
    rig.run(until: 5)
    rig.host.rebootMachine()
    rig.host.detect(0)
    rig.run(until: 200)
    #expect(rig.takeNotes().isEmpty)
    #expect(rig.host.tasks.isEmpty && rig.host.executors.isEmpty)
  }

  @Test("what reaches a stopped process waits")
  func pause() {
    let rig = rig()
    rig.launch("c", "sleep 5")
    rig.launch("t1", executor: Self.info)
    rig.run(until: 1)
    _ = rig.takeNotes()
    rig.host.pause()
    rig.tell(.ping(isConnected: true))
    rig.launch("d", "sleep 5")
    rig.run(until: 20)
    #expect(rig.takeNotes().isEmpty)
    rig.host.resume()
    rig.run(until: 30)
    #expect(
      rig.takeNotes() == [
        "20.0 pong", "20.0 d TASK_RUNNING",
        "20.0 c TASK_FINISHED: Command exited with status 0", "20.0 t1 TASK_FINISHED",
        "25.0 d TASK_FINISHED: Command exited with status 0",
      ])
  }

  @Test("a slave that is given up ends its executors and then itself")
  func givenUp() {
    let rig = rig()
    rig.launch("t1", executor: Self.info)
    rig.launch("c", "sleep 100")
    rig.run(until: 1)
    _ = rig.takeNotes()
    rig.tell(.shutdown("removed"))
    rig.run(until: 10)
    #expect(rig.takeNotes() == ["1.0 shutdown", "1.0 slave exited"])
    #expect(!rig.host.isUp)
  }
}

@Suite("Mesos's own executor of task groups")
struct DefaultExecutorTests {
  private func group(_ rig: SlaveRig, _ tasks: [(id: String, command: String)]) {
    let info = ExecutorInfo(
      "group", kind: .default, command: nil, resources: Resources(cpus: 0.1, mem: 32))
    rig.launchGroup(tasks, info)
  }

  @Test("a group ends well when all its tasks do, and the executor with it")
  func success() {
    let rig = SlaveRig()
    group(rig, [("a", "sleep 5"), ("b", "sleep 7")])
    rig.run(until: 20)
    #expect(
      rig.takeNotes() == [
        "0.0 a TASK_RUNNING", "0.0 b TASK_RUNNING",
        "5.0 a TASK_FINISHED: Command exited with status 0",
        "7.0 b TASK_FINISHED: Command exited with status 0",
        "7.0 executor group exited with 0",
      ])
  }

  @Test("one failure or kill ends the group")
  func failure() {
    let rig = SlaveRig()
    group(rig, [("a", "sleep 5; exit 2"), ("b", "sleep 70")])
    rig.run(until: 20)
    #expect(
      rig.takeNotes().suffix(3) == [
        "5.0 a TASK_FAILED: Command exited with status 2",
        "5.0 b TASK_KILLED: Command terminated with signal Terminated",
        "5.0 executor group exited with 0",
      ])
    group(rig, [("c", "sleep 50"), ("d", "sleep 70")])
    rig.run(until: 30)
    rig.kill("d")
    rig.run(until: 100)
    #expect(
      rig.takeNotes().suffix(3) == [
        "30.0 c TASK_KILLED: Command terminated with signal Terminated",
        "30.0 d TASK_KILLED: Command terminated with signal Terminated",
        "30.0 executor group exited with 0",
      ])
  }
}
