// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which host ports an instance gets of an offer.

public import Mesos

/// What host ports an instance wants.
public enum PortRequest: Hashable, Sendable {
  /// So many, whichever they are.
  case any(Int)
  /// Just these, in this order; 0 is never there.
  case exactly([Int])
  /// One for each mapping: none, any (0), or just this one.
  case mappings([Int?])

  /// What an app asks for.
  ///
  /// - Parameters:
  ///   - ports: The ports of the app.
  ///   - requiresPorts: Whether these numbers must be had.
  ///   - mappings: The host ports of its container's mappings, which count instead where there are
  ///     such.
  public init(ports: [Int], requiresPorts: Bool, mappings: [Int?]? = nil) {
    if let mappings {
      self = .mappings(mappings)
    } else if requiresPorts {
      self = .exactly(ports)
    } else {
      self = .any(ports.count)
    }
  }

  /// How many host ports it takes.
  public var count: Int {
    switch self {
    case .any(let count): count
    case .exactly(let ports): ports.count
    case .mappings(let mappings): mappings.count { $0 != nil }
    }
  }
}

/// Ports of an offer on the same terms, from a first to a last.
public struct OfferedPorts: Hashable, Sendable {
  /// The terms that the ports are held on, by number in their list of resources.
  public var source: Int
  /// The first and the last port.
  public var range: ClosedRange<Int>

  /// Describes ports.
  public init(source: Int, range: ClosedRange<Int>) {
    self.source = source
    self.range = range
  }
}

/// The host ports for one instance.
public struct PortChoice: Hashable, Sendable {
  /// The port for each wish in its order; `nil` for a mapping without host port.
  public private(set) var ports: [Int?] = []
  /// Where each port is taken from.
  public private(set) var taken: [(port: Int, source: Int)] = []

  /// Chooses ports; `nil` when a wish cannot be met.
  ///
  /// What is free to choose is taken one after the other from a random port on, the ranges shuffled
  /// and the last followed by the first.
  /// - Parameters:
  ///   - request: What is wanted.
  ///   - offered: What there is.
  ///   - random: The source of chance.
  public init?(
    _ request: PortRequest, of offered: [OfferedPorts], random: () -> any RandomSource
  ) {
    switch request {
    case .any(0): return
    case .any(let count):
      let chosen = Self.consecutive(count, of: offered, without: [], random())
      guard chosen.count == count else { return nil }
      ports = chosen.map(\.port)
      taken = chosen
    case .exactly(let wanted):
      for port in wanted {
        guard port > 0, take(port, of: offered) else { return nil }
        ports.append(port)
      }
    case .mappings(let mappings):
      guard choose(mappings, of: offered, random) else { return nil }
    }
  }

  private mutating func choose(
    _ mappings: [Int?], of offered: [OfferedPorts], _ random: () -> any RandomSource
  ) -> Bool {
    let fixed = Set(mappings.compactMap { $0 }.filter { $0 > 0 })
    let count = mappings.count { $0 == 0 }
    var free =
      count == 0
      ? [][...] : Self.consecutive(count, of: offered, without: fixed, random())[...]
    guard free.count == count else { return false }
    for mapping in mappings {
      switch mapping {
      case nil: ports.append(nil)
      case 0?:
        guard let next = free.popFirst() else { return false }
        ports.append(next.port)
        taken.append(next)
      case let port?:
        guard take(port, of: offered) else { return false }
        ports.append(port)
      }
    }
    return true
  }

  private mutating func take(_ port: Int, of offered: [OfferedPorts]) -> Bool {
    guard let place = offered.first(where: { $0.range.contains(port) }),
      !taken.contains(where: { $0.port == port })
    else { return false }
    taken.append((port, place.source))
    return true
  }

  /// Ports one after the other from a random one on, at most so many.
  private static func consecutive(
    _ count: Int, of offered: [OfferedPorts], without fixed: Set<Int>, _ random: any RandomSource
  ) -> [(port: Int, source: Int)] {
    var ranges = offered
    for index in ranges.indices.dropFirst() {
      ranges.swapAt(index, random.integer(below: index + 1))
    }
    let total = ranges.reduce(0) { $0 + $1.range.count }
    guard total > 0, count <= total else { return [] }
    var offset = random.integer(below: total)
    var place = 0
    while offset >= ranges[place].range.count {
      offset -= ranges[place].range.count
      place += 1
    }
    var chosen: [(port: Int, source: Int)] = []
    var seen = 0
    while chosen.count < count, seen < total {
      let port = ranges[place].range.lowerBound + offset
      if !fixed.contains(port) { chosen.append((port, ranges[place].source)) }
      seen += 1
      offset += 1
      if offset == ranges[place].range.count {
        offset = 0
        place = (place + 1) % ranges.count
      }
    }
    return chosen
  }

  /// So many ports one after the other from a random one on; `nil` when there are too few.
  ///
  /// The same as a choice of any, where all ports are held on the same terms.
  static func consecutive(
    _ count: Int, of offered: ValueRanges, _ random: any RandomSource
  ) -> (ports: [Int?], taken: ValueRanges)? {
    let ranges = offered.ranges
    var total: UInt64 = 0
    for range in ranges {
      guard range.begin <= range.end, range.end <= 65_535 else { return nil }
      total += range.end - range.begin + 1
    }
    guard total > 0, count <= Int(total) else { return nil }
    if count == 1 || ranges.count == 1 {
      let start = UInt64(random.integer(below: Int(total)))
      var numbers: [UInt64] = []
      for offset in 0..<UInt64(count) {
        numbers.append(Self.port(at: (start + offset) % total, in: ranges))
      }
      return (numbers.map { Int($0) }, ValueRanges(numbers.map { ValueRange($0, $0) }))
    }
    let pieces = ranges.map { OfferedPorts(source: 0, range: Int($0.begin)...Int($0.end)) }
    let chosen = consecutive(count, of: pieces, without: [], random)
    guard chosen.count == count else { return nil }
    let numbers = chosen.map { UInt64($0.port) }
    return (chosen.map(\.port), ValueRanges(numbers.map { ValueRange($0, $0) }))
  }

  /// The port with this place among those of some ranges.
  private static func port(at place: UInt64, in ranges: [ValueRange]) -> UInt64 {
    var rest = place
    for range in ranges {
      let count = range.end - range.begin + 1
      if rest < count { return range.begin + rest }
      rest -= count
    }
    return 0
  }

  /// Whether both have the same ports from the same places.
  public static func == (left: PortChoice, right: PortChoice) -> Bool {
    left.ports == right.ports && left.taken.elementsEqual(right.taken, by: ==)
  }

  /// Hashes the ports.
  public func hash(into hasher: inout Hasher) { hasher.combine(ports) }
}
