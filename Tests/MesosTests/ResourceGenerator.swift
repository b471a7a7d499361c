// Part of mesosim. Apache-2.0, see LICENSE.
//
// Draws resources from few names, terms and amounts, so that drawn entries often meet.

import Mesos

struct ResourceGenerator {
  private var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func size() -> Int { random.integer(below: 7) }

  /// Any resource that Mesos knows.
  mutating func anyResource() -> Resource {
    if random.oneIn(4) { return diskResource() }
    return Resource(
      name, value, reservations: reservations(), allocationRole: random.oneIn(12) ? "r" : nil,
      isRevocable: random.oneIn(8))
  }

  /// A resource that a slave's configuration can express: at most one static reservation.
  mutating func configuredResource() -> Resource {
    let value: Resource.Value
    let name: String
    switch random.integer(below: 6) {
    case 0: (name, value) = (random.pick(["ports", "ids"]), ranges())
    case 1: (name, value) = ("disks", names())
    default: (name, value) = (random.pick(["cpus", "mem", "disk", "gpus", "fds"]), scalar())
    }
    let role = random.pick([nil, nil, "a", "a/b", "b"] as [Role?])
    return Resource(name, value, reservations: role.map { [Reservation(.fixed, role: $0)] } ?? [])
  }

  private var name: String {
    mutating get { random.pick(["cpus", "mem", "disk", "ports", "ports", "fds"]) }
  }

  private var value: Resource.Value {
    mutating get {
      switch random.integer(below: 4) {
      case 0: ranges()
      case 1: names()
      default: scalar()
      }
    }
  }

  private mutating func diskResource() -> Resource {
    let sources: [DiskInfo.Source?] = [
      nil, .init(.path, root: "/p"), .init(.path, root: "/q"), .init(.mount, root: "/m"),
    ]
    let volume = random.oneIn(3) ? random.pick(["v", "w"]) : nil
    let disk = DiskInfo(source: random.pick(sources), persistenceID: volume)
    return Resource(
      "disk", .scalar(Scalar(thousandths: random.pick([1000, 2000]))),
      reservations: volume == nil ? reservations() : [Reservation(.fixed, role: "a")],
      disk: disk, isShared: volume != nil && random.oneIn(2))
  }

  private mutating func scalar() -> Resource.Value {
    .scalar(Scalar(thousandths: Int64(random.pick([0, 1, 500, 1000, 1500, 4000, 123_456]))))
  }

  private mutating func ranges() -> Resource.Value {
    let ranges = (0..<random.integer(below: 4)).map { _ in
      let begin = random.integer(below: 20)
      return ValueRange(UInt64(begin), UInt64(begin + random.integer(below: 6)))
    }
    return .ranges(ValueRanges(ranges))
  }

  private mutating func names() -> Resource.Value {
    .set(ValueSet((0..<random.integer(below: 4)).map { _ in random.pick(["x", "y", "z"]) }))
  }

  private mutating func reservations() -> [Reservation] {
    random.pick([
      [], [], [], [Reservation(.fixed, role: "a")], [Reservation(.fixed, role: "b")],
      [Reservation(.dynamic, role: "a", principal: "p")],
      [Reservation(.fixed, role: "a"), Reservation(.dynamic, role: "a/b")],
    ])
  }
}
