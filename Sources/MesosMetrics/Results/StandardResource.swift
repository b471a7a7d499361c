// Part of mesosim. Apache-2.0, see LICENSE.
//
// The four resources that metrics speak of, and tables with one entry for each of them.

/// A resource with an amount that metrics integrate over time.
public enum StandardResource: String, CaseIterable, Codable, Sendable {
  /// Processors.
  case cpus
  /// Memory, in MB.
  case mem
  /// Disk, in MB.
  case disk
  /// Graphics processors.
  case gpus

  /// Where the resource stands in a vector of amounts.
  package var lane: Int {
    switch self {
    case .cpus: 0
    case .mem: 1
    case .disk: 2
    case .gpus: 3
    }
  }
}

/// An amount of each standard resource, in thousandths of a unit, as Mesos counts scalars.
public struct Amounts: Hashable, Sendable {
  /// cpus, mem, disk and gpus.
  package var lanes: SIMD4<Int64>

  /// Wraps thousandths of cpus, mem, disk and gpus.
  package init(lanes: SIMD4<Int64>) { self.lanes = lanes }

  /// Thousandths of one resource.
  public subscript(resource: StandardResource) -> Int64 { lanes[resource.lane] }
}

/// A value for each standard resource that the cluster has; the others are left out.
public struct PerResource<Value> {
  /// The value for processors.
  public var cpus: Value?
  /// The value for memory.
  public var mem: Value?
  /// The value for disk.
  public var disk: Value?
  /// The value for graphics processors.
  public var gpus: Value?

  /// Makes a table by asking for the value of each resource in turn.
  /// - Parameter value: Gives the value of a resource, or `nil` to leave it out.
  public init(_ value: (StandardResource) -> Value?) {
    cpus = value(.cpus)
    mem = value(.mem)
    disk = value(.disk)
    gpus = value(.gpus)
  }

  /// The value of one resource.
  public subscript(resource: StandardResource) -> Value? {
    switch resource {
    case .cpus: cpus
    case .mem: mem
    case .disk: disk
    case .gpus: gpus
    }
  }

  /// The resources that have a value, in the order cpus, mem, disk, gpus.
  public var resources: [StandardResource] {
    StandardResource.allCases.filter { self[$0] != nil }
  }
}

extension PerResource: Sendable where Value: Sendable {}
extension PerResource: Equatable where Value: Equatable {}
extension PerResource: Encodable where Value: Encodable {}
extension PerResource: Decodable where Value: Decodable {}
