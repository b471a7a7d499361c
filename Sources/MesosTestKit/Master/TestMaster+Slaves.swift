// Part of mesosim. Apache-2.0, see LICENSE.
//
// What slaves say in transcripts.
//
//     slave N registers RESOURCES [host=NAME]
//     slave N reregisters RESOURCES [id=ID] [host=NAME] [framework=F …] [executor=F:ID:RESOURCES …]
//       [task=F:ID[@EXECUTOR]:STATE[/SENT]:RESOURCES …]       SENT is - for no update yet
//     slave N reports FRAMEWORK TASK STATE [NUMBER] [latest=STATE] [id=ID] [source=slave]
//       NUMBER: that of the update, or `next` for one that the test counts
//     slave N sends FRAMEWORK EXECUTOR TEXT
//     slave N ends FRAMEWORK EXECUTOR STATUS                  an executor has exited
//     slave N exits | unregisters | pongs                     `exits`: its connection broke
//     slave N oversubscribes RESOURCES
//     watch N [unanswered], unwatch N

import Mesos
import MesosCluster
import VirtualTime

extension TestMaster {
  func slave(_ words: [String]) throws {
    guard words.count >= 2 else { throw CommandError(words.joined(separator: " ")) }
    let index: SlaveIndex = try number(words[0])
    let rest = Array(words.dropFirst(2))
    switch words[1] {
    case "exits": send(.slaveExited(index))
    case "pongs": send(.slave(index, .pong))
    case "unregisters": send(.slave(index, .unregister(try slaveID(rest.first ?? "\(index)"))))
    case "registers": send(.slave(index, .register(try info(index, rest))))
    case "reregisters": try reregister(index, rest)
    case "reports": try report(index, rest)
    case "sends":
      guard rest.count == 3 else { throw CommandError(words[1]) }
      send(
        .slave(
          index, .frameworkMessage(try number(rest[0]), ExecutorID(rest[1]), Array(rest[2].utf8))))
    case "ends":
      guard rest.count == 3 else { throw CommandError(words[1]) }
      send(
        .slave(
          index,
          .executorExited(try number(rest[0]), ExecutorID(rest[1]), status: try number(rest[2]))))
    case "oversubscribes":
      guard let text = rest.first else { throw CommandError(words[1]) }
      send(.slave(index, .oversubscribed(try resources(text))))
    default: throw CommandError(words[1])
    }
  }

  func watch(_ words: [String], isOn: Bool) throws {
    let index: SlaveIndex = try number(words.first)
    send(isOn ? .watch(index, lastAnswered: !words.contains("unanswered")) : .unwatch(index))
  }

  private func info(_ index: SlaveIndex, _ words: [String]) throws -> SlaveInfo {
    guard let text = words.first else { throw CommandError("no resources") }
    return SlaveInfo(
      hostname: option("host", in: words) ?? "host-\(index)", resources: try resources(text))
  }

  func option(_ name: String, in words: [String]) -> String? {
    words.last { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.utf8.count + 1)) }
  }

  private func report(_ index: SlaveIndex, _ words: [String]) throws {
    guard words.count >= 3 else { throw CommandError(words.joined(separator: " ")) }
    let state = try state(words[2])
    let latest = try option("latest", in: words).map(self.state) ?? state
    let word = words.dropFirst(3).first
    let number = word == "next" ? nextUpdate(index) : word.flatMap { UInt32($0) }
    let id = try option("id", in: words).map { SlaveID($0) } ?? slaveID("\(index)")
    let isSlaves = option("source", in: words) == "slave"
    let status = TaskStatus(
      taskID: TaskID(words[1]), state: state, slaveID: id, timestamp: now,
      source: isSlaves ? .slave : .executor,
      uuid: UpdateID(slave: index, number: number ?? 0))
    send(.slave(index, .statusUpdate(try self.number(words[0]), status, latest: latest)))
  }

  private func reregister(_ index: SlaveIndex, _ words: [String]) throws {
    var inventory = SlaveInventory()
    for word in words.dropFirst() {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw CommandError(word) }
      switch parts[0] {
      case "id", "host": break
      case "framework": inventory.frameworks.append(try framework(parts[1]))
      case "executor": inventory.executors.append(try executor(parts[1]))
      case "task": inventory.tasks.append(try task(parts[1]))
      default: throw CommandError(word)
      }
    }
    let id = try option("id", in: words).map { SlaveID($0) } ?? slaveID("\(index)")
    send(.slave(index, .reregister(id, try info(index, words), inventory)))
  }

  private func framework(_ text: String) throws -> SlaveInventory.Framework {
    let index: FrameworkIndex = try number(text)
    guard let info = frameworks[index] else { throw CommandError(text) }
    return SlaveInventory.Framework(index: index, info: info)
  }

  private func role(of framework: FrameworkIndex) -> Role {
    frameworks[framework]?.effectiveRoles.first ?? .unreserved
  }

  private func executor(_ text: String) throws -> SlaveInventory.Executor {
    let parts = text.split(separator: ":", maxSplits: 2).map(String.init)
    guard parts.count == 3 else { throw CommandError(text) }
    let framework: FrameworkIndex = try number(parts[0])
    var info = ExecutorInfo(ExecutorID(parts[1]), command: CommandInfo("./run"))
    info.resources = parts[2] == "-" ? Resources() : try resources(parts[2])
    info.frameworkID = frameworks[framework]?.id
    return SlaveInventory.Executor(
      framework: framework, info: info, role: role(of: framework))
  }

  private func task(_ text: String) throws -> SlaveInventory.Task {
    let parts = text.split(separator: ":", maxSplits: 3).map(String.init)
    let names = parts.count == 4 ? parts[1].split(separator: "@").map(String.init) : []
    let states = parts.count == 4 ? parts[2].split(separator: "/").map(String.init) : []
    guard !names.isEmpty, !states.isEmpty else { throw CommandError(text) }
    let framework: FrameworkIndex = try number(parts[0])
    let latest = try state(states[0])
    let sent = states.count == 1 ? latest : states[1] == "-" ? nil : try state(states[1])
    return SlaveInventory.Task(
      framework: framework, id: TaskID(names[0]), name: names[0],
      executor: names.count > 1 ? ExecutorID(names[1]) : nil, role: role(of: framework),
      resources: try resources(parts[3]), state: latest, updateState: sent)
  }
}
