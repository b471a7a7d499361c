// Part of mesosim. Apache-2.0, see LICENSE.
//
// Plays a script against the allocator on a clock of its own, as a master would: an allocation when
// one is due after an operation, and one at each multiple of the interval while time advances.

internal import Mesos
internal import MesosAllocation
internal import VirtualTime

/// One run through a script.
struct AllocatorReplay {
  var allocator: HierarchicalAllocator
  var now = Instant.start
  var slaves = NumberedNames<SlaveIndex>()
  var frameworks = NumberedNames<FrameworkIndex>()
  var runs: [JSONValue] = []
  var isRefused = false

  init(options: AllocatorOptions) { allocator = HierarchicalAllocator(options) }

  /// Carries out one operation, with the calls that the recorder resolved it to.
  ///
  /// What comes back are the runs that decided something and what is held afterwards.
  mutating func perform(_ operation: JSONValue, calls: [JSONValue]?) throws -> JSONValue {
    runs = []
    isRefused = false
    let name = try operation.requiredString("op")
    if name == "advance" {
      try advance(by: .rounded(seconds: operation.requiredNumber("seconds")))
    } else {
      for call in calls ?? [] where name != "batch" { try recover(call) }
      try apply(name, operation, calls: calls)
      if let deadline = allocator.nextDeadline, deadline <= now { run() }
    }
    return .object([
      "runs": .array(runs), "held": held, "refused": .bool(isRefused),
    ])
  }

  /// Has the operations of a batch done in one turn, or a single one.
  private mutating func apply(
    _ name: String, _ operation: JSONValue, calls: [JSONValue]?
  ) throws {
    guard name == "batch" else { return try handle(name, operation) }
    for call in calls ?? [] { try recover(call) }
    for part in operation["ops"]?.array ?? [] { try handle(part.requiredString("op"), part) }
  }

  private mutating func advance(by duration: Duration) throws {
    let interval = allocator.options.interval
    let end = now + duration
    while true {
      let intervals = now.nanoseconds / interval.wholeNanoseconds
      let tick = Instant.start + interval * Int(intervals + 1)
      let stop = min(tick, max(now, allocator.nextDeadline ?? tick))
      if stop > end { break }
      now = stop
      run()
    }
    now = end
  }

  /// Makes an allocation; one that was not due must decide nothing.
  private mutating func run() {
    let isDue = allocator.nextDeadline.map { $0 <= now } ?? false
    var allocations: [Allocation] = []
    allocator.allocate(at: now, into: &allocations)
    let asked = allocator.takeInverseOffers()
    if allocations.isEmpty && asked.isEmpty { return }
    runs.append(
      .object([
        "t": .number(isDue ? now.seconds : -1), "offers": offers(allocations),
        "decisions": .array(allocations.map(decision)),
        "inverse_offers": .array(
          asked.map {
            .array([.text(frameworks[$0.framework]), .text(slaves[$0.slave])])
          }),
      ]))
  }

  private func decision(_ allocation: Allocation) -> JSONValue {
    .array([
      .number(allocation.reason.stage), .text(allocation.role.value),
      .text(frameworks[allocation.framework]), .text(slaves[allocation.slave]),
      .text(allocation.resources.caseText),
    ])
  }

  /// An offer is what both stages gave, for each framework, role and slave.
  private func offers(_ allocations: [Allocation]) -> JSONValue {
    var sums: [(allocation: Allocation, resources: Resources)] = []
    for allocation in allocations {
      let index = sums.firstIndex {
        $0.allocation.framework == allocation.framework && $0.allocation.role == allocation.role
          && $0.allocation.slave == allocation.slave
      }
      if let index {
        sums[index].resources += allocation.resources
      } else {
        sums.append((allocation, allocation.resources))
      }
    }
    return .array(
      sums.map { sum in
        .object([
          "framework": .text(frameworks[sum.allocation.framework]),
          "role": .text(sum.allocation.role.value), "slave": .text(slaves[sum.allocation.slave]),
          "resources": .text(sum.resources.caseText),
        ])
      })
  }

  private var held: JSONValue {
    let members = allocator.held.map { holding in
      JSONValue.Member(
        key: frameworks[holding.framework] + "|" + holding.role.value,
        value: .text(holding.amounts.caseText))
    }
    return JSONValue(.object(members.filter { $0.value.string != "" }))
  }
}

/// Dense numbers for names, in order of first appearance.
struct NumberedNames<Index: DenseIndex> {
  private var names: [String] = []

  subscript(number: Index) -> String { names[number] }

  mutating func number(of name: String) -> Index {
    if let index = names.firstIndex(of: name) { return Index(index) }
    names.append(name)
    return Index(names.count - 1)
  }
}
