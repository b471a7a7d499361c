// Part of mesosim. Apache-2.0, see LICENSE.
//
// What schedulers say in transcripts; `as=N` says of which process it comes, otherwise of the one
// that subscribed last.
//
//     subscribe FRAMEWORK [NAME] [force] [id=ID] [role=R] [roles=A,B] [suppressed=A,B] [user=U]
//       [principal=P] [credential=P:S] [timeout=S] [checkpoint] [can=NAME,…]  (also `register`)
//     update FRAMEWORK …            the same, without subscribing
//     exits FRAMEWORK               its connection broke
//     teardown | deactivate FRAMEWORK, revive | suppress FRAMEWORK [ROLES]
//     decline FRAMEWORK OFFER … [refuse=S]
//     launch FRAMEWORK OFFER[,OFFER] TASK … [refuse=S]
//     accept FRAMEWORK OFFER[,OFFER] [refuse=S] OPERATION [then OPERATION …]
//       OPERATION: launch TASK … | group EXECUTOR(RESOURCES) TASK … | reserve RESOURCES
//         | unreserve … | create … | destroy …
//       TASK: ID@SLAVE=RESOURCES[|PROGRAM]; PROGRAM: executor[=ID[(RESOURCES)]] | both | neither
//     kill FRAMEWORK TASK [SLAVE], acknowledge FRAMEWORK SLAVE TASK NUMBER
//       `last` stands for the offer that was made last and its slave, and for the last number
//     reconcile FRAMEWORK [TASK[@SLAVE] …], request FRAMEWORK RESOURCES …
//     message FRAMEWORK EXECUTOR SLAVE TEXT

import Mesos
import MesosCluster

extension TestMaster {
  func scheduler(_ verb: String, _ words: [String]) throws {
    let framework: FrameworkIndex = try number(words.first)
    var rest = Array(words.dropFirst())
    if let process = option("as", in: rest) {
      incarnations[framework] = try number(process)
      rest.removeAll { $0.hasPrefix("as=") }
    }
    let incarnation = incarnations[framework] ?? 0
    switch verb {
    case "exits": send(.schedulerExited(framework, incarnation))
    case "subscribe", "register":
      let subscription = try subscription(framework, rest)
      frameworks[framework] = subscription.info
      send(.scheduler(framework, incarnation, .subscribe(subscription)))
    case "update":
      let new = try subscription(framework, rest)
      var info = new.info
      info.id = info.id ?? frameworks[framework]?.id
      send(
        .scheduler(
          framework, incarnation, .updateFramework(info, suppressed: new.suppressed)))
    default: send(.scheduler(framework, incarnation, try call(verb, rest)))
    }
  }

  private func call(_ verb: String, _ words: [String]) throws -> SchedulerCall {
    switch verb {
    case "teardown", "unregister": return .teardown
    case "deactivate": return .deactivate
    case "revive": return .reviveOffers(roles(words.first))
    case "suppress": return .suppressOffers(roles(words.first))
    case "kill":
      return .killTask(
        TaskID(words.first ?? ""), words.count > 1 ? try slaveID(words[1]) : nil)
    case "decline":
      return .declineOffers(OfferIDs(words.flatMap { offers($0) }), try filters(words))
    case "acknowledge":
      guard words.count == 3 else { throw CommandError(words.joined(separator: " ")) }
      let slave = SlaveIndex(words[0]) ?? 0
      let update = UpdateID(
        slave: slave, number: words[2] == "last" ? lastUpdate(slave) : try number(words[2]))
      return .acknowledge(
        Acknowledgement(
          slaveID: try slaveID(words[0]), taskID: TaskID(words[1]), uuid: update))
    case "reconcile": return .reconcileTasks(try words.map(query))
    case "request":
      return .requestResources(try words.map { Request(resources: try resources($0)) })
    case "message":
      guard words.count == 3 else { throw CommandError(words.joined(separator: " ")) }
      return .frameworkMessage(
        ExecutorID(words[0]), try slaveID(words[1]), Array(words[2].utf8))
    case "launch":
      let tasks = try words.dropFirst().filter { !$0.hasPrefix("refuse=") }.map(task)
      return .acceptOffers(offers(words.first), [.launch(tasks)], try filters(words))
    case "accept": return try accept(words)
    default: throw CommandError(verb)
    }
  }

  private func filters(_ words: [String]) throws -> Filters {
    try option("refuse", in: words).map { Filters(refuseSeconds: try double($0)) } ?? Filters()
  }

  /// Offers by their ids, and `last` for the one that was made last.
  private func offers(_ word: String?) -> [OfferID] {
    (word ?? "").split(separator: ",").compactMap {
      $0 == "last" ? offers.last?.id : OfferID(String($0))
    }
  }

  private func query(_ word: String) throws -> TaskQuery {
    let parts = word.split(separator: "@").map(String.init)
    guard let task = parts.first else { throw CommandError(word) }
    return TaskQuery(TaskID(task), on: parts.count > 1 ? try slaveID(parts[1]) : nil)
  }

  private func subscription(
    _ framework: FrameworkIndex, _ words: [String]
  ) throws -> Subscription {
    var info = FrameworkInfo(name: "f\(framework)")
    var result = Subscription(info)
    for word in words {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map(String.init)
      let value = parts.count > 1 ? parts[1] : ""
      switch parts[0] {
      case "force": result.isForced = true
      case "checkpoint": info.hasCheckpointing = true
      case "id": info.id = FrameworkID(value)
      case "role": info.role = Role(value)
      case "roles":
        info.roles = value.split(separator: ",", omittingEmptySubsequences: false)
          .map { Role(String($0)) }
        info.capabilities.insert(.multiRole)
      case "suppressed": result.suppressed = roles(value)
      case "user": info.user = value
      case "principal": info.principal = value
      case "credential": result.credential = try credential(value)
      case "timeout": info.failoverTimeoutSeconds = try double(value)
      case "can":
        info.capabilities.formUnion(
          FrameworkInfo.Capabilities(names: value.split(separator: ",").map(String.init)))
      default:
        if parts.count > 1 { throw CommandError(word) }
        info.name = word
      }
    }
    result.info = info
    return result
  }

  // MARK: Operations

  private func accept(_ words: [String]) throws -> SchedulerCall {
    let operations = try words.dropFirst().filter { !$0.hasPrefix("refuse=") }
      .split(separator: "then").map { try operation(Array($0)) }
    return .acceptOffers(offers(words.first), operations, try filters(words))
  }

  private func operation(_ words: [String]) throws -> OfferOperation {
    let rest = Array(words.dropFirst())
    func named() throws -> Resources {
      guard let text = rest.first else { throw CommandError(words.joined(separator: " ")) }
      return try resources(text)
    }
    switch words.first {
    case "launch": return .launch(try rest.map(task))
    case "group":
      guard let first = rest.first else { throw CommandError("group") }
      var executor = try executor(first)
      executor.kind = .default
      executor.command = nil
      executor.frameworkID = "m1-0000"
      let tasks = try rest.dropFirst().map(task)
      return .launchGroup(executor, TaskGroupInfo(tasks))
    case "reserve": return .reserve(try named())
    case "unreserve": return .unreserve(try named())
    case "create": return .create(try named())
    case "destroy": return .destroy(try named())
    default: throw CommandError(words.joined(separator: " "))
    }
  }

  private func executor(_ text: String) throws -> ExecutorInfo {
    let parts = text.split(separator: "(", maxSplits: 1).map(String.init)
    var info = ExecutorInfo(
      ExecutorID(parts.first ?? ""), command: CommandInfo("./run"))
    if parts.count > 1 { info.resources = try resources(String(parts[1].dropLast())) }
    return info
  }

  func task(_ word: String) throws -> TaskInfo {
    let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
    let names = (parts.first ?? "").split(
      separator: "@", maxSplits: 1, omittingEmptySubsequences: false
    ).map(String.init)
    guard parts.count == 2, names.count == 2 else { throw CommandError(word) }
    let program = parts[1].split(separator: "|").map(String.init)
    guard !program.isEmpty else { throw CommandError(word) }
    var task = TaskInfo(
      name: names[0], taskID: TaskID(names[0]),
      slaveID: names[1] == "last" ? try slaveID("last") : SlaveID(names[1]),
      resources: try resources(program[0]), command: CommandInfo("sleep 1"))
    let words = program.dropFirst().first?.split(separator: "=", maxSplits: 1).map(String.init)
    switch words?.first {
    case nil: break
    case "executor":
      task.command = nil
      task.executor = try executor(words?.dropFirst().first ?? "e")
    case "both": task.executor = try executor("e")
    case "neither": task.command = nil
    default: throw CommandError(word)
    }
    return task
  }
}
