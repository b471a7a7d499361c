// Part of mesosim. Apache-2.0, see LICENSE.
//
// Commands that start masters.
//
//     master [0.20] [offer_timeout=S] [ping=S] [pings=N] [reregister=S] [removals=S] [completed=N]
//       [completed_tasks=N] [roles=A,B] [no_root] [readmits] [leaves_ghosts]
//       [answers_registered] [loses_invalid] [pings_all]
//       also slave_ping_timeout, max_slave_ping_timeouts and slave_reregister_timeout, or agent_…
//       [credential=PRINCIPAL:SECRET] [strict] [acl=ACTION:PRINCIPALS:OBJECTS]
//       [allocator=NAME]            one that decides itself, such as `drf`, in place of `give`
//     succeed [KEY=VALUE …]         the next master takes over

import Mesos
import MesosAllocation
import MesosCluster
import VirtualTime

extension TestMaster {
  func restart(_ words: [String]) throws {
    settings = MasterSettings()
    var pingsAll = false
    for word in words {
      if word == "pings_all" { pingsAll = true } else { try set(word) }
    }
    makeMaster(pingsAll: pingsAll)
    forget()
  }

  func succeed(_ words: [String]) throws {
    send(.abdicate)
    guard let succession = takeSuccession() else { return }
    for word in words { try set(word) }
    masters += 1
    makeMaster(pingsAll: master.pingsAll)
    send(.succeed(succession))
  }

  private func makeMaster(pingsAll: Bool) {
    master = Master(
      info: MasterInfo(id: "m\(masters)", hostname: "master"), allocator: allocator,
      settings: settings, pingsAll: pingsAll)
  }

  private func set(_ word: String) throws {
    let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
    let value = parts.count > 1 ? parts[1] : ""
    func seconds() throws -> Duration { .rounded(seconds: try double(value)) }
    switch parts.first {
    case "0.20": settings = .mesos0_20
    case "allocator":
      allocator =
        value == "scripted"
        ? ScriptedAllocator(script: script) : try AllocatorRegistry().make(value)
    case "offer_timeout": settings.offerTimeout = try seconds()
    case "ping", "slave_ping_timeout", "agent_ping_timeout":
      settings.slavePingTimeout = try seconds()
    case "pings", "max_slave_ping_timeouts", "max_agent_ping_timeouts":
      settings.slavePingTimeoutsMax = try number(value)
    case "reregister", "slave_reregister_timeout", "agent_reregister_timeout":
      settings.slaveReregisterTimeout = try seconds()
    case "removals": settings.slaveRemovalInterval = try seconds()
    case "completed": settings.completedFrameworksMax = try number(value)
    case "completed_tasks": settings.completedTasksMax = try number(value)
    case "roles": settings.roles = roles(value)
    case "leaves_ghosts": settings.leavesGhosts = true
    case "no_root": settings.allowsRootSubmissions = false
    case "readmits": settings.readmitsLostSlaves = true
    case "answers_registered": settings.answersFailoverWithRegistered = true
    case "loses_invalid": settings.losesInvalidTasks = true
    case "credential":
      settings.credentials = (settings.credentials ?? []) + [try credential(value)]
    case "strict": settings.acls = ACLs(isPermissive: false, entries: settings.acls?.entries ?? [])
    case "acl":
      let entry = try entry(value)
      settings.acls = ACLs(
        isPermissive: settings.acls?.isPermissive ?? true,
        entries: (settings.acls?.entries ?? []) + [entry])
    default: throw CommandError(word)
    }
  }

  func credential(_ text: String) throws -> Credential {
    let parts = text.split(separator: ":").map(String.init)
    guard parts.count == 2 else { throw CommandError(text) }
    return Credential(principal: parts[0], secret: parts[1])
  }

  private func entry(_ text: String) throws -> ACLs.Entry {
    let parts = text.split(separator: ":").map(String.init)
    guard parts.count == 3, let action = ACLs.Action(rawValue: parts[0]) else {
      throw CommandError(text)
    }
    func entities(_ word: String) -> ACLs.Entities {
      switch word {
      case "ANY": .any
      case "NONE": .none
      default: .values(word.split(separator: ",").map(String.init))
      }
    }
    return ACLs.Entry(action, principals: entities(parts[1]), objects: entities(parts[2]))
  }
}
