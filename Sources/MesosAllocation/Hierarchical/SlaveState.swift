// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the allocator knows of a slave (mesos/src/master/allocator/mesos/hierarchical.hpp, Slave).
// Kept small, as every allocation walks over it; what is rarely needed is in `SlaveDescription`.

import Mesos
import VirtualTime

/// A slave: what it has, what is left to offer, who holds the rest.
struct SlaveState {
  /// What is left to offer.
  var available = Resources()
  /// Who holds what.
  var holdings = SlaveHoldings()
  var total = Resources()
  var capabilities: SlaveCapabilities = []
  var isPresent = false
  var isActive = false
  var isWhitelisted = false
  var hasGPUs = false
  /// Whether all it has is unreserved, neither revocable nor shared, and of the standard names.
  var isPlain = true
  /// Whether more is held than the slave has, as after its total has shrunk.
  var isOvercommitted = false
  /// Which of the policy's choices of slaves it is among, as bits.
  var choice: UInt64 = 0

  /// Whether what is free may be offered.
  var isOfferable: Bool { isPresent && isActive && isWhitelisted }
}

/// What is needed of a slave now and then.
struct SlaveDescription {
  var id = SlaveID("")
  var hostname = ""
  var attributes = Attributes()
  var domain: DomainInfo?
}

/// What one client holds on a slave.
struct SlaveHolding {
  var client: Int32
  var resources: Resources
}

/// Who holds what on a slave; most often it is one client, which takes no memory from the heap.
struct SlaveHoldings {
  private var first = SlaveHolding(client: -1, resources: Resources())
  private var others: [SlaveHolding]?

  /// Whether nobody holds anything.
  var isEmpty: Bool { first.client < 0 }

  /// All holdings.
  var all: [SlaveHolding] { (first.client < 0 ? [] : [first]) + (others ?? []) }

  /// Everything that is held.
  var sum: Resources {
    others.map { $0.reduce(first.resources) { $0 + $1.resources } } ?? first.resources
  }

  /// Adds to what a client holds; says whether it held nothing before.
  mutating func add(_ resources: consuming Resources, of client: Int32) -> Bool {
    if first.client < 0 {
      first.client = client
      first.resources = resources
      return true
    }
    if first.client == client {
      first.resources += resources
      return false
    }
    if let index = others?.firstIndex(where: { $0.client == client }) {
      others?[index].resources += resources
      return false
    }
    let holding = SlaveHolding(client: client, resources: resources)
    if others == nil { others = [holding] } else { others?.append(holding) }
    return true
  }

  /// Whether a client holds something.
  @inline(__always)
  func has(_ client: Int32) -> Bool {
    first.client == client || others?.contains { $0.client == client } == true
  }

  /// What a client holds.
  func resources(of client: Int32) -> Resources? {
    if first.client == client { return first.resources }
    return others?.first { $0.client == client }?.resources
  }

  /// How much of what a client held was taken from it.
  enum Taken { case all, some, tooMuch }

  /// Takes from what a client holds, unless it is more than that.
  mutating func take(_ resources: Resources, from client: Int32) -> Taken {
    if first.client == client {
      guard first.resources.contains(resources) else { return .tooMuch }
      first.resources -= resources
      guard first.resources.isEmpty else { return .some }
      removeFirst()
      return .all
    }
    guard let index = others?.firstIndex(where: { $0.client == client }),
      var held = others?[index].resources, held.contains(resources)
    else { return .tooMuch }
    held -= resources
    set(held, of: client)
    return held.isEmpty ? .all : .some
  }

  /// Replaces what a client holds; nothing at all ends its holding.
  mutating func set(_ resources: Resources, of client: Int32) {
    if first.client == client {
      if resources.isEmpty { removeFirst() } else { first.resources = resources }
    } else if let index = others?.firstIndex(where: { $0.client == client }) {
      others?[index].resources = resources
      if resources.isEmpty { others?.remove(at: index) }
      if others?.isEmpty == true { others = nil }
    }
  }

  private mutating func removeFirst() {
    first = others?.popLast() ?? SlaveHolding(client: -1, resources: Resources())
    if others?.isEmpty == true { others = nil }
  }
}
