// Part of mesosim. Apache-2.0, see LICENSE.
//
// What frameworks need, as far as they have said or shown it. Mesos's allocator does not ask
// (mesos/src/master/allocator/mesos/hierarchical.cpp, requestResources).

import Mesos
import VirtualTime

/// What each framework's tasks look like.
struct Demands {
  private struct Entry {
    var requested: [Resources] = []
    var launched: Resources?
    var launchedAt = Instant.start
  }

  private var entries: [Entry] = []
  /// Grows with every change.
  private(set) var version: UInt32 = 0

  /// The shapes that a framework asked for; none if it never did.
  func requested(by framework: FrameworkIndex) -> [Resources] {
    Int(framework) < entries.count ? entries[framework].requested : []
  }

  /// What a framework's last task took, unless it has refused as much since.
  func launched(by framework: FrameworkIndex) -> Resources? {
    Int(framework) < entries.count ? entries[framework].launched : nil
  }

  /// The proportions of what a framework needs: of everything it asked for, else of its last
  /// task.
  func direction(of framework: FrameworkIndex) -> Resources? {
    let shapes = requested(by: framework)
    if shapes.isEmpty { return launched(by: framework) }
    return shapes.reduce(into: Resources()) { $0 += $1 }
  }

  /// Notes what a framework asked for; says whether that is something new.
  mutating func request(_ shapes: [Resources], by framework: FrameworkIndex) -> Bool {
    change(framework) { entry in
      let isNew = entry.requested != shapes
      entry.requested = shapes
      return isNew
    }
  }

  /// Notes what a task took; says whether that is something new.
  mutating func launch(
    _ resources: Resources, by framework: FrameworkIndex, at now: Instant
  ) -> Bool {
    change(framework) { entry in
      let isNew = entry.launched != resources
      entry.launched = resources
      entry.launchedAt = now
      return isNew
    }
  }

  /// Notes that a framework refused resources; says whether what was taken for its next task is
  /// no longer so.
  ///
  /// With room for a task like its last it has none to run. What is left over of an offer right
  /// after a launch says nothing: a framework need not use all of it.
  mutating func refuse(
    _ resources: Resources, by framework: FrameworkIndex, at now: Instant
  ) -> Bool {
    guard let launched = launched(by: framework), entries[framework].launchedAt < now,
      resources.scalarQuantities.contains(launched.scalarQuantities)
    else { return false }
    return change(framework) { entry in
      entry.launched = nil
      return true
    }
  }

  /// Drops what is known of a framework.
  mutating func forget(_ framework: FrameworkIndex) {
    guard Int(framework) < entries.count else { return }
    _ = change(framework) { entry in
      entry = Entry()
      return true
    }
  }

  private mutating func change(
    _ framework: FrameworkIndex, _ body: (inout Entry) -> Bool
  ) -> Bool {
    while entries.count <= Int(framework) { entries.append(Entry()) }
    let isNew = body(&entries[framework])
    if isNew { version &+= 1 }
    return isNew
  }
}

extension Policy {
  /// Whether it matters what frameworks need.
  var needsDemands: Bool { unit == .task || measure.isPriced || order?.needsDemands == true }
}

extension AllocatorState {
  mutating func noteLaunch(
    of framework: FrameworkIndex, _ resources: Resources, at now: Instant
  ) {
    guard self.framework(framework) != nil, !resources.isEmpty else { return }
    if books.demands.launch(resources, by: framework, at: now) { noteDemand(at: now) }
  }

  /// Notes that a framework refused resources: a framework whose tasks grow would else be offered
  /// too little and nothing else.
  mutating func noteRefusal(of framework: FrameworkIndex, _ resources: Resources, at now: Instant) {
    guard policy.unit == .task else { return }
    if books.demands.refuse(resources, by: framework, at: now) { noteDemand(at: now) }
  }

  mutating func noteRequest(of framework: FrameworkIndex, _ shapes: [Resources], at now: Instant) {
    guard self.framework(framework) != nil else { return }
    if books.demands.request(shapes.filter { !$0.isEmpty }, by: framework) { noteDemand(at: now) }
  }

  /// Pieces of another shape may fit where the last did not; whole slaves stay what they are.
  private mutating func noteDemand(at now: Instant) {
    if policy.unit == .task { books.agenda.markAll(at: now) }
  }

  /// What one offer to a client may consist of; `nil` when none of the shapes it asked for is
  /// there.
  ///
  /// A shape that a framework asked for is not offered in part. That its next task is like its last
  /// is a guess, so that less than that is offered, too.
  func piece(of whole: Resources, for client: Int32) -> Resources? {
    let framework = books.clients[client].framework
    let shapes = books.demands.requested(by: framework)
    if !shapes.isEmpty {
      for shape in shapes {
        if let found = whole.find(shape) { return found }
      }
      return nil
    }
    guard let launched = books.demands.launched(by: framework) else { return whole }
    var amounts = launched.scalarQuantities
    let others = whole.entries.filter { if case .scalar = $0.value { false } else { true } }
    // Which ports a task will want is not known, only that it will want some.
    if launched.entries.contains(where: { if case .scalar = $0.value { false } else { true } }) {
      amounts += Resources(others).quantities
    }
    return whole.shrunk(to: amounts)
  }
}
