// Part of mesosim. Apache-2.0, see LICENSE.
//
// Where the tasks of a job may go: by constraints, and for a gang on several offers at once.

import Mesos

/// Makes placements; equal rules are compiled once.
final class Placements {
  private var blanks: [PlacementRules: Placement] = [:]

  /// Where a stage's tasks may go, none being anywhere; `nil` when that is everywhere.
  func placement(of stage: Stage) -> Placement? {
    let rules = stage.placement
    if rules.isEmpty { return nil }
    if let blank = blanks[rules] { return blank.emptied(wanted: stage.tasks) }
    let blank = Placement(rules, wanted: stage.tasks)
    blanks[rules] = blank
    return blank
  }
}

extension ActiveJob {
  /// Whether one more task may go to the slave of an offer, whatever is offered there.
  func mayUse(_ offer: Offer) -> Bool { placement?.accepts(Location(of: offer)) ?? true }

  /// How many runnable tasks to launch on each of some offers so that all start; `nil` when the
  /// offers do not suffice.
  func deal(over offers: [Offer]) -> [Int]? {
    let room = offers.map { need.count(in: $0.resources, max: runnableCount) }
    guard let placement else { return dealFreely(room) }
    let locations = offers.map { Location(of: $0) }
    for start in starts(among: locations, placement) {
      if let dealt = deal(room, at: locations, from: start, placement) { return dealt }
    }
    return nil
  }

  private func dealFreely(_ room: [Int]) -> [Int]? {
    var missing = runnableCount
    let dealt = room.map { room in
      let tasks = min(room, missing)
      missing -= tasks
      return tasks
    }
    return missing == 0 ? dealt : nil
  }

  /// Fills one offer after the other as far as the constraints allow, again and again while that
  /// helps: a task here can allow for one there.
  private func deal(
    _ room: [Int], at locations: [Location], from start: Int, _ placement: Placement
  ) -> [Int]? {
    var placement = placement
    var dealt = room.map { _ in 0 }
    var missing = runnableCount
    var isMoving = true
    while missing > 0, isMoving {
      isMoving = false
      for step in room.indices {
        let place = (start + step) % room.count
        while missing > 0, dealt[place] < room[place], placement.accepts(locations[place]) {
          placement.add(TaskID("to come \(missing)"), at: locations[place])
          dealt[place] += 1
          missing -= 1
          isMoving = true
        }
      }
    }
    return missing == 0 ? dealt : nil
  }

  /// With which offers to begin: under CLUSTER the first decides where all others go.
  private func starts(among locations: [Location], _ placement: Placement) -> [Int] {
    let isDecisive = placement.rules.constraints.contains { $0.operator == .cluster }
    guard isDecisive, placement.count == 0 else { return locations.isEmpty ? [] : [0] }
    var seen: Set<[String?]> = []
    return locations.indices.filter { seen.insert(placement.values(at: locations[$0])).inserted }
  }
}
