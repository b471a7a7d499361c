// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which rows are too large to start at once on some slaves.

internal import MesosFrameworks
public import Mesos

extension RowTrace {
  /// The gangs of a part of the users that never start on the slaves of that part.
  public struct LargeGangs: Sendable {
    /// The part.
    public let part: Int
    /// How many gangs.
    public internal(set) var count: Int
    /// The tasks of the largest.
    public internal(set) var tasks: Int
    /// The job of the largest.
    public internal(set) var job: String
  }

  /// The rows with more tasks than fit at once on the slaves of their part, by part.
  ///
  /// - Parameters:
  ///   - slave: What each slave has.
  ///   - slaves: How many slaves each part has.
  ///   - part: The part of a user.
  /// - Returns: What there is to say of the parts that have such rows.
  public func gangs(
    beyond slave: Resources, slaves: [Int], part: (_ user: String) -> Int
  ) -> [LargeGangs] {
    let parts = (0..<max(1, users.count)).map { users.count > 0 ? part(users[$0]) : 0 }
    var found: [LargeGangs?] = Array(repeating: nil, count: slaves.count)
    var rooms = RoomCount(slave)
    rows.forEach { row in
      let place = parts[Int(row.user)]
      guard row.tasks > 1, Int(row.tasks) > rooms.tasks(row.shape) * slaves[place] else { return }
      let tasks = Int(row.tasks)
      var gangs = found[place] ?? LargeGangs(part: place, count: 0, tasks: 0, job: "")
      gangs.count += 1
      if tasks > gangs.tasks { (gangs.tasks, gangs.job) = (tasks, jobName(row)) }
      found[place] = gangs
    }
    return found.compactMap(\.self)
  }

  /// How many slaves it takes to start the largest row at once, of those that ever start.
  public func slavesForLargestRow(_ slave: Resources) -> Int {
    var rooms = RoomCount(slave)
    var most = 1
    rows.forEach { row in
      let room = rooms.tasks(row.shape)
      if room > 0 { most = max(most, (Int(row.tasks) + room - 1) / room) }
    }
    return most
  }
}

/// How many tasks of each shape a slave has room for.
private struct RoomCount {
  private let slave: Resources
  private var rooms: [RowTrace.Shape: Int] = [:]

  init(_ slave: Resources) { self.slave = slave }

  mutating func tasks(_ shape: RowTrace.Shape) -> Int {
    if let room = rooms[shape] { return room }
    let room = slave.count(of: shape.resources, max: 1_000_000)
    rooms[shape] = room
    return room
  }
}
