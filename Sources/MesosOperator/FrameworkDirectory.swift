// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which framework an id is of: a master knows frameworks by dense numbers, its clients by ids.

public import Mesos
public import MesosCluster

/// The frameworks that were ever heard of, by id, and the processes that spoke for them.
public struct FrameworkDirectory: Sendable {
  private var indices: [FrameworkID: FrameworkIndex] = [:]
  private var ids: [FrameworkID?] = []
  private var incarnations: Int32 = 0

  /// Knows nobody.
  public init() {}

  /// The framework of an id that was heard of.
  public func index(of id: FrameworkID) -> FrameworkIndex? { indices[id] }

  /// The framework of an id, heard of or not.
  public mutating func framework(_ id: FrameworkID) -> FrameworkIndex {
    if let known = indices[id] { return known }
    let framework = newFramework()
    learn(id, of: framework)
    return framework
  }

  /// A framework that has no id yet.
  public mutating func newFramework() -> FrameworkIndex {
    ids.append(nil)
    return FrameworkIndex(ids.count - 1)
  }

  /// Gives the next framework this number or a higher one: those below belong to others.
  public mutating func begin(at number: Int) {
    while ids.count < number { ids.append(nil) }
  }

  /// Notes the id that a framework was given.
  public mutating func learn(_ id: FrameworkID, of framework: FrameworkIndex) {
    guard framework.rawValue >= 0 else { return }
    indices[id] = framework
    while ids.count <= Int(framework.rawValue) { ids.append(nil) }
    ids[Int(framework.rawValue)] = id
  }

  /// The id of a framework, once it has one.
  public func id(of framework: FrameworkIndex) -> FrameworkID? {
    let place = Int(framework.rawValue)
    return ids.indices.contains(place) ? ids[place] : nil
  }

  /// A number for a process that has not been heard of.
  public mutating func newIncarnation() -> Incarnation {
    incarnations += 1
    return Incarnation(rawValue: incarnations)
  }
}
