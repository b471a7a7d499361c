// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: what goes into a master or a slave, or comes out of a master, can be written down and read
// again without a loss.
// Method: everything that is said around a master under random messages goes through JSON and back;
// by hand, what is never said there.

import Foundation
import Mesos
import MesosAllocation
import Testing
import VirtualTime

@testable import MesosCluster

@Suite("Messages of the cluster written down")
struct MessageCodingTests {
  /// Writes values down and reads them again; knows which kinds it has had.
  private final class Scribe {
    private let encoder = JSONEncoder()
    private let decoder = JSONDecoder()
    private(set) var kinds: [String: Set<String>] = [:]
    private(set) var failures: [String] = []

    init() {
      encoder.outputFormatting = .sortedKeys
      // Frameworks send such seconds, too.
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    }

    func take<Value: Codable & Hashable>(_ value: Value) {
      // The case of an enum comes first in its description.
      let kind = String(describing: value).prefix { $0.isLetter }
      kinds[String(describing: Value.self), default: []].insert(String(kind))
      do {
        let data = try encoder.encode(value)
        let back = try decoder.decode(Value.self, from: data)
        let isSame = back == value && back.hashValue == value.hashValue
        // What has a number in it that is none equals nothing; its bytes are the same still.
        let hasNaN = data.range(of: Data(#""nan""#.utf8)) != nil
        if try !(isSame || hasNaN) || encoder.encode(back) != data { failures.append("\(value)") }
      } catch { failures.append("\(value): \(error)") }
    }

    /// A message and what is in it.
    func take(parts message: MasterMessage) {
      take(message)
      switch message {
      case .scheduler(_, _, let call): take(call)
      case .slave(_, let report): take(report)
      case .operator(let call, _): take(call)
      default: break
      }
    }

    func take(parts action: MasterAction) {
      switch action {
      case .toScheduler(_, _, let message): take(message)
      case .toSlave(_, let message):
        take(message)
        take(SlaveInput.master(0, message))
      default: break
      }
    }

    /// Which of these kinds it has not had.
    func missing<Value>(_ type: Value.Type, of kinds: String) -> Set<String> {
      Set(kinds.split(separator: " ").map(String.init))
        .subtracting(self.kinds[String(describing: type)] ?? [])
    }
  }

  @Test("whatever is said to a master, and whatever a master says, comes back")
  func master() throws {
    let scribe = Scribe()
    for seed: UInt64 in 0..<8 {
      let fuzz = try MasterFuzz(seed: seed, isHonest: seed % 2 == 0)
      for _ in 0..<400 { try fuzz.step() }
      for history in fuzz.histories {
        for (_, message) in history.inputs { scribe.take(parts: message) }
        for action in history.actions { scribe.take(parts: action) }
      }
    }
    // What the cluster alone says, and what so few seeds do not lead to.
    scribe.take(MasterMessage.watch(0, lastAnswered: true))
    scribe.take(MasterMessage.watchFromRegistration(0))
    scribe.take(MasterMessage.unwatch(0))
    scribe.take(MasterMessage.pingsAll(true))
    scribe.take(SchedulerMessage.executorLost("e", "s", status: -1))
    scribe.take(SlaveMessage.runTaskGroup([]))
    scribe.take(SlaveMessage.killTask(0, "t"))
    scribe.take(SlaveMessage.shutdownExecutor(0, "e"))
    #expect(scribe.failures.isEmpty)
    #expect(
      scribe.missing(
        MasterMessage.self,
        of: "scheduler slave operator schedulerExited slaveExited deadline "
          + "watch watchFromRegistration unwatch pingsAll succeed abdicate"
      ).isEmpty)
    #expect(
      scribe.missing(
        SchedulerCall.self,
        of: "subscribe teardown deactivate acceptOffers declineOffers reviveOffers suppressOffers "
          + "killTask acknowledge reconcileTasks requestResources frameworkMessage updateFramework"
      ).isEmpty)
    #expect(
      scribe.missing(
        SlaveReport.self,
        of: "register reregister unregister statusUpdate executorExited frameworkMessage pong "
          + "oversubscribed"
      ).isEmpty)
    #expect(
      scribe.missing(
        OperatorCall.self,
        of: "updateWeights setQuota removeQuota updateQuotas updateWhitelist reserve unreserve "
          + "createVolumes destroyVolumes teardown updateMaintenance drain reactivate markGone"
      ).isEmpty)
    #expect(
      scribe.missing(
        SchedulerMessage.self,
        of: "registered reregistered resourceOffers rescindOffer statusUpdate frameworkMessage "
          + "slaveLost executorLost error"
      ).isEmpty)
    #expect(
      scribe.missing(
        SlaveMessage.self,
        of: "registered reregistered runTask runTaskGroup killTask acknowledge shutdownFramework "
          + "shutdownExecutor frameworkMessage checkpointResources ping shutdown"
      ).isEmpty)
  }

  @Test("what a slave's machine and executors tell it comes back")
  func slave() {
    let update = TaskStatus(taskID: "t", state: .running)
    let task = TaskInfo(
      name: "t", taskID: "t", slaveID: "s", resources: Resources(cpus: 1),
      command: CommandInfo("sleep 1"))
    let report = CommandReport(
      .running, reason: .taskCheckStatusUpdated, isHealthy: true,
      checkStatus: .command(exitCode: 1))
    let limit = ContainerEnd.limit(
      .containerLimitationMemory, message: "m", limitation: Resources(mem: 1))
    let inputs: [SlaveInput] = [
      .start, .stop, .leaderDetected(nil), .leaderDetected(1), .watchPings(last: .distantFuture),
      .ignorePings, .deadline, .master(0, .reregistered("s", missing: [])),
      .executor(1, .register), .executor(1, .reregister(updates: [update], tasks: [task])),
      .executor(.max, .statusUpdate(update)), .executor(1, .frameworkMessage([0, 255])),
      .container(1, .preparing), .container(1, .launchFailed("no such image")),
      .container(1, .exited(status: -1, .itself)), .container(1, .exited(status: 0, .destroyed)),
      .container(1, .exited(status: 0, limit)), .container(1, .exited(status: 0, .preempted)),
      .container(1, .command(report)), .container(1, .reconnected),
    ]
    let scribe = Scribe()
    for input in inputs { scribe.take(input) }
    #expect(scribe.failures.isEmpty)
  }
}
