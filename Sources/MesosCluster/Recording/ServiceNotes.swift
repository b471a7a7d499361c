// Part of mesosim. Apache-2.0, see LICENSE.
//
// What frameworks tell of their services in words, for reports: kept beside the facts, which have
// none.

public import Mesos

/// What the frameworks of a run have said of their services.
public struct ServiceNotes {
  private struct Framework {
    var changes: [ServiceChange] = []
    var places: [String: Int] = [:]
    var groups: [GroupID] = []
    var waits: [GroupID: [() -> ServiceWait]] = [:]

    mutating func note(_ change: ServiceChange) {
      if let place = places[change.id] {
        changes[place] = change
      } else {
        places[change.id] = changes.count
        changes.append(change)
      }
    }

    mutating func note(_ group: GroupID, _ wait: @escaping () -> ServiceWait) {
      if waits[group] == nil { groups.append(group) }
      waits[group, default: []].append(wait)
    }
  }

  private var frameworks: [FrameworkIndex: Framework] = [:]
  /// Whether frameworks' own rules are checked.
  var checksRules = false
  /// The first rule of a framework's own that did not hold: the framework and the rule.
  var brokenRule: String?

  /// The changes of a framework's services, in the order in which they began.
  public func changes(of framework: FrameworkIndex) -> [ServiceChange] {
    frameworks[framework]?.changes ?? []
  }

  /// Why a framework's groups waited, in the order in which they were first heard of.
  public func waits(of framework: FrameworkIndex) -> [ServiceWait] {
    guard let known = frameworks[framework] else { return [] }
    return known.groups.map { group in Self.sum((known.waits[group] ?? []).map { $0() }) }
  }

  /// What a group is called; `nil` if its framework has not said.
  public func name(of group: GroupID, of framework: FrameworkIndex) -> String? {
    frameworks[framework]?.waits[group]?.last.map { $0().name }
  }

  private static func sum(_ waits: [ServiceWait]) -> ServiceWait {
    var total = ServiceWait(waits.last?.name ?? "", offers: 0, reasons: [])
    for wait in waits {
      total.offers += wait.offers
      for reason in wait.reasons {
        if let place = total.reasons.firstIndex(where: { $0.name == reason.name }) {
          total.reasons[place].offers += reason.offers
        } else {
          total.reasons.append(reason)
        }
      }
    }
    total.reasons.sort { ($1.offers, $0.name) < ($0.offers, $1.name) }
    return total
  }

  mutating func note(_ change: ServiceChange, of framework: FrameworkIndex) {
    frameworks[framework, default: Framework()].note(change)
  }

  mutating func note(
    _ group: GroupID, _ wait: @escaping () -> ServiceWait, of framework: FrameworkIndex
  ) {
    frameworks[framework, default: Framework()].note(group, wait)
  }
}
