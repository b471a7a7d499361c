// Part of mesosim. Apache-2.0, see LICENSE.
//
// The sorter of the twin: a tree of nodes with everything computed again at each sort, as the text
// says it (Rules 5.4; mesos/src/master/allocator/mesos/sorter/drf/sorter.cpp).

import Mesos

/// A sorter without any cleverness.
final class TwinSorter {
  final class Node {
    let name: String
    let path: String
    unowned let parent: Node?
    var children: [Node] = []
    var isLeaf = false
    var isActive = false
    var held = Quantities()
    var count = 0
    var share = 0.0
    var weight: Double?

    init(_ name: String, _ parent: Node?) {
      self.name = name
      self.parent = parent
      path = parent.map { $0.parent == nil ? name : $0.path + "/" + name } ?? ""
    }

    /// A virtual leaf stands for its parent.
    var clientPath: String { name == "." ? parent?.path ?? "" : path }
  }

  let root = Node("", nil)
  let excluded: [String]
  var total = Quantities()
  private var clients: [String: Node] = [:]
  private var weights: [String: Double] = [:]

  init(excluded: [String]) { self.excluded = excluded }

  func contains(_ path: String) -> Bool { clients[path] != nil }
  func held(_ path: String) -> Quantities { clients[path]?.held ?? Quantities() }
  func share(_ path: String) -> Double { clients[path]?.share ?? 0 }

  func add(_ path: String) {
    var current = root
    let names = path.split(separator: "/").map(String.init)
    for (depth, name) in names.enumerated() {
      if current.isLeaf { makeVirtualLeaf(of: current) }
      if let child = current.children.first(where: { $0.name == name }) {
        current = child
      } else {
        let child = Node(name, current)
        child.isLeaf = depth == names.count - 1
        current.children.append(child)
        current = child
      }
    }
    if !current.children.isEmpty {
      let virtual = Node(".", current)
      virtual.isLeaf = true
      current.children.append(virtual)
      current = virtual
    }
    clients[path] = current
  }

  private func makeVirtualLeaf(of node: Node) {
    let virtual = Node(".", node)
    (virtual.isLeaf, virtual.isActive) = (true, node.isActive)
    (virtual.held, virtual.count) = (node.held, node.count)
    (node.isLeaf, node.isActive) = (false, false)
    node.children.append(virtual)
    clients[node.path] = virtual
  }

  func remove(_ path: String) {
    guard var current = clients.removeValue(forKey: path) else { return }
    let held = current.held
    while let parent = current.parent {
      parent.held -= held
      if current.children.isEmpty {
        parent.children.removeAll { $0 === current }
      } else if current.children.count == 1, current.children[0].name == "." {
        let virtual = current.children[0]
        (current.isLeaf, current.isActive) = (true, virtual.isActive)
        current.children = []
        clients[current.path] = current
      }
      current = parent
    }
  }

  func setActive(_ path: String, _ isActive: Bool) { clients[path]?.isActive = isActive }

  func updateWeight(_ path: String, _ weight: Double) {
    weights[path] = weight
    guard var node = clients[path] else { return }
    if node.name == ".", let parent = node.parent { node = parent }
    node.weight = weight
  }

  func allocated(_ path: String, _ amounts: Quantities) {
    var node = clients[path]
    while let current = node {
      current.held += amounts
      current.count += 1
      node = current.parent
    }
    refreshShares(root)
  }

  func unallocated(_ path: String, _ amounts: Quantities) {
    var node = clients[path]
    while let current = node {
      current.held -= amounts
      node = current.parent
    }
  }

  func updated(_ path: String, from old: Quantities, to new: Quantities) {
    unallocated(path, old)
    var node = clients[path]
    while let current = node {
      current.held += new
      node = current.parent
    }
  }

  func sort() -> [String] {
    refreshShares(root)
    return listed(root)
  }

  private func refreshShares(_ node: Node) {
    for child in node.children where !child.isLeaf || child.isActive {
      var share = 0.0
      for entry in total.entries where !excluded.contains(entry.name) && entry.thousandths > 0 {
        let held = Scalar(thousandths: child.held[entry.name]).value
        share = max(share, held / Scalar(thousandths: entry.thousandths).value)
      }
      if child.weight == nil { child.weight = weights[child.path] ?? 1 }
      child.share = share / (child.weight ?? 1)
      refreshShares(child)
    }
  }

  private func listed(_ node: Node) -> [String] {
    let order = node.children.sorted {
      if $0.share != $1.share { return $0.share < $1.share }
      if $0.count != $1.count { return $0.count < $1.count }
      return $0.path.utf8.lexicographicallyPrecedes($1.path.utf8)
    }
    return order.flatMap { child in
      child.isLeaf ? (child.isActive ? [child.clientPath] : []) : listed(child)
    }
  }
}
