// Part of mesosim. Apache-2.0, see LICENSE.
//
// A cluster of one shape under an allocator, and the situations whose cost is known for Apache
// Mesos's own: everything free, nothing free, everything refused, one slave changed.

public import Mesos
public import MesosAllocation
import VirtualTime

/// A cluster of equal slaves and frameworks of one role.
public struct AllocatorLoad {
  /// How many slaves.
  public let slaves: Int
  /// How many frameworks.
  public let frameworks: Int
  /// The allocator under load.
  public var allocator: HierarchicalAllocator
  /// What the last allocations decided.
  public var allocations: [Allocation] = []
  private var now = Instant.start

  /// What every slave has.
  public static let slave: Resources = {
    let ports = Resource("ports", .ranges(ValueRanges([ValueRange(31_000, 32_000)])))
    return Resources(cpus: 24, mem: 4096, disk: 4096) + Resources([ports])
  }()

  /// Adds the frameworks, then the slaves; nothing is allocated yet.
  public init(slaves: Int, frameworks: Int, isLiteral: Bool = false) {
    self.slaves = slaves
    self.frameworks = frameworks
    var options = AllocatorOptions()
    options.order = .shuffled(key: 42)
    options.isLiteral = isLiteral
    allocator = HierarchicalAllocator(options)
    for index in 0..<frameworks {
      allocator.addFramework(FrameworkIndex(index), Self.framework(index), at: now)
    }
    for index in 0..<slaves { addSlave(index) }
    allocations.reserveCapacity(slaves)
  }

  /// A framework.
  public static func framework(_ index: Int) -> FrameworkEntry {
    FrameworkEntry(id: FrameworkID("m-\(index)"), name: "f\(index)", roles: ["*"])
  }

  /// Adds a slave.
  public mutating func addSlave(_ index: Int) {
    let entry = SlaveEntry(
      id: SlaveID("m-S\(index)"), hostname: "node-\(index)", total: Self.slave)
    allocator.addSlave(SlaveIndex(index), entry, at: now)
  }

  /// Allocates what is due.
  public mutating func allocate() {
    allocations.removeAll(keepingCapacity: true)
    allocator.allocate(at: now, into: &allocations)
  }

  /// How long until something is due; `nil` when nothing ever is.
  public var secondsToDeadline: Double? { allocator.nextDeadline.map { ($0 - now).inSeconds } }

  /// Lets a second pass.
  public mutating func tick() { now = now + .seconds(1) }

  /// Gives everything back that was allocated last, refused for a time or not.
  public mutating func declineAll(seconds: Double?) {
    for allocation in allocations { decline(allocation, seconds: seconds) }
  }

  /// Gives one allocation back.
  public mutating func decline(_ allocation: Allocation, seconds: Double?) {
    allocator.recover(
      allocation.resources, from: allocation.framework, role: allocation.role,
      on: allocation.slave, refusal: seconds.map(Filters.init(refuseSeconds:)), at: now)
  }

  /// Adds another framework.
  public mutating func addFramework(_ index: Int) {
    allocator.addFramework(FrameworkIndex(index), Self.framework(index), at: now)
  }

  /// Has every framework refuse every slave for a long time.
  public mutating func refuseEverything() {
    for _ in 0..<frameworks {
      allocate()
      declineAll(seconds: 1_000_000)
      tick()
    }
    allocate()
  }
}
