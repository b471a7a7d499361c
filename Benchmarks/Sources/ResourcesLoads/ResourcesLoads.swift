// Part of mesosim. Apache-2.0, see LICENSE.
//
// The loads that the algebra of resources is measured with: what masters and allocators do to lists
// of the usual kinds, millions of times in a run.

import Mesos

/// An operation on two lists of one kind.
public struct ResourcesLoad: Sendable {
  /// The kind of lists and the operation.
  public let name: String
  /// Billionths of a sort of ten million numbers that one operation may take; `nil` where nothing
  /// is promised.
  public let limit: Double?
  /// Whether the operation must do without memory from the heap.
  public let isHeapFree: Bool
  fileprivate let body: @Sendable (Int) -> Int

  /// Does the operation so many times.
  /// - Returns: A checksum, so that nothing is optimised away.
  public func run(_ rounds: Int) -> Int { body(rounds) }

  /// Every operation on every kind of lists.
  public static let all: [ResourcesLoad] = kinds.flatMap { kind -> [ResourcesLoad] in
    guard let left = try? Resources(parsing: kind.left),
      let right = try? Resources(parsing: kind.right)
    else { return [] }
    return loads(kind, left, right)
  }
}

/// A kind of lists, by example.
private struct Kind {
  let name: String
  let left: String
  let right: String
  var limit: Double? = 150
  var isScalar = false
}

private let kinds = [
  Kind(
    name: "scalars", left: "cpus:8;mem:16384;disk:100000;gpus:2",
    right: "cpus:1;mem:1024;disk:100;gpus:1", isScalar: true),
  Kind(
    name: "scalars, one role", left: "cpus(a):8;mem(a):16384;disk(a):100000;gpus(a):2",
    right: "cpus(a):1;mem(a):1024;disk(a):100;gpus(a):1", isScalar: true),
  Kind(
    name: "with ports", left: "cpus:8;mem:16384;disk:100000;ports:[31000-32000]",
    right: "cpus:1;mem:1024;disk:100;ports:[31000-31003]"),
  Kind(
    name: "with ports, one role",
    left: "cpus(a):8;mem(a):16384;disk(a):100000;ports(a):[31000-32000]",
    right: "cpus(a):1;mem(a):1024;disk(a):100;ports(a):[31000-31003]"),
  Kind(
    name: "unreserved and a role",
    left: "cpus:8;mem:16384;ports:[31000-32000];cpus(a):8;mem(a):512",
    right: "cpus(a):1;mem(a):12;cpus:1;ports:[31000-31003]", limit: nil),
  Kind(
    name: "with a set", left: "cpus:24;mem:24576;ports:[21000-24000];disks:{1,2,3,4,5,6,7,8}",
    right: "cpus:1;mem:24;ports:[21000-21002];disks:{1,2}", limit: nil),
]

private func loads(_ kind: Kind, _ left: Resources, _ right: Resources) -> [ResourcesLoad] {
  let rest = left - right
  func load(_ verb: String, _ body: @escaping @Sendable (Int) -> Int) -> ResourcesLoad {
    ResourcesLoad(
      name: "\(verb), \(kind.name)", limit: kind.limit,
      isHeapFree: kind.isScalar || verb == "contains", body: body)
  }
  return [
    load("add") { rounds in
      (0..<rounds).reduce(0) { sum, _ in sum &+ weight(rest + right) }
    },
    load("subtract") { rounds in
      (0..<rounds).reduce(0) { sum, _ in sum &+ weight(left - right) }
    },
    load("contains") { rounds in
      (0..<rounds).reduce(0) { sum, _ in sum &+ weight(left, right) }
    },
  ]
}

/// Something of a list that cannot be known without computing it.
@inline(never)
private func weight(_ resources: Resources) -> Int { resources.isEmpty ? 0 : 1 }

@inline(never)
private func weight(_ left: Resources, _ right: Resources) -> Int { left.contains(right) ? 1 : 0 }
