// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a scenario names and sets a policy: the parameters that all share, and how values are read.

import Mesos

extension AllocatorDescriptor {
  /// Describes an allocator that differs from Mesos's in its policy alone.
  ///
  /// - Parameters:
  ///   - name: The name in a scenario.
  ///   - summary: What it does, in one line.
  ///   - excludes: Whether some names can be left out of shares.
  ///   - own: The policy's own parameters.
  ///   - fairness: The laws of fairness that it promises; it keeps all of bookkeeping.
  ///   - policy: Reads them.
  init(
    _ name: String, _ summary: String, excludes: Bool = false, _ own: [Parameter] = [],
    fairness: [AllocatorLaw],
    policy: @escaping @Sendable (AllocatorRequest) throws(AllocatorParameterError) -> Policy
  ) {
    self.init(
      name: name, summary: summary,
      parameters: own + (excludes ? [.fairnessExclude] : []) + [.offerUnit, .filterGPUs],
      promises: AllocatorLaw.bookkeeping + fairness,
      make: { request throws(AllocatorParameterError) in
        var options = request.options
        if let value = request.parameters[Parameter.fairnessExclude.name] {
          options.fairnessExclude = try value.texts(at: Parameter.fairnessExclude.name)
        }
        if let value = request.parameters[Parameter.filterGPUs.name] {
          options.filtersGPUs = try value.flag(at: Parameter.filterGPUs.name)
        }
        let unit = try request.choice(Parameter.offerUnit.name, OfferUnit.self) ?? .slave
        return HierarchicalAllocator(options, policy: try policy(request).offering(unit))
      })
  }
}

extension AllocatorDescriptor.Parameter {
  static let fairnessExclude = AllocatorDescriptor.Parameter(
    name: "fairnessExclude", type: "list of resource names", defaultValue: "[]",
    meaning: "resources that play no part in shares")

  static let filterGPUs = AllocatorDescriptor.Parameter(
    name: "filterGPUs", type: "true or false", defaultValue: "true",
    meaning: "keep slaves with gpus for frameworks that can use gpus")

  static let offerUnit = AllocatorDescriptor.Parameter(
    name: "offerUnit", type: "slave or task", defaultValue: "slave",
    meaning: "offer whole slaves, or only as much as one task needs, ranking anew after each offer")
}

extension AllocatorRequest {
  /// One of a few words, if given.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, _: Choice.Type
  ) throws(AllocatorParameterError) -> Choice? where Choice.RawValue == String {
    guard let value = parameters[name] else { return nil }
    if case .text(let text) = value, let choice = Choice(rawValue: text) { return choice }
    let words = Choice.allCases.map(\.rawValue).joined(separator: " or ")
    throw AllocatorParameterError(path: name, reason: "expected \(words)")
  }

  /// A name, if given.
  func text(_ name: String) throws(AllocatorParameterError) -> String? {
    guard let value = parameters[name] else { return nil }
    return try value.text(at: name)
  }

  /// Numbers above zero by name, if given.
  func amounts(
    _ name: String, example: String
  ) throws(AllocatorParameterError) -> [(name: String, amount: Double)]? {
    guard let value = parameters[name] else { return nil }
    guard case .map(let entries) = value else {
      throw AllocatorParameterError(
        path: name, reason: "expected a map of names to numbers such as \(example)")
    }
    var amounts: [(name: String, amount: Double)] = []
    for entry in entries {
      let path = "\(name).\(entry.key)"
      guard case .number(let amount) = entry.value, amount > 0, amount < 1e9 else {
        throw AllocatorParameterError(
          path: path, reason: "expected a number above 0 and below a billion")
      }
      if amounts.contains(where: { $0.name == entry.key }) {
        throw AllocatorParameterError(path: path, reason: "is listed twice; list each name once")
      }
      amounts.append((entry.key, amount))
    }
    return amounts
  }
}

extension AllocatorParameterValue {
  func flag(at path: String) throws(AllocatorParameterError) -> Bool {
    guard case .flag(let value) = self else {
      throw AllocatorParameterError(path: path, reason: "expected true or false")
    }
    return value
  }

  func text(at path: String) throws(AllocatorParameterError) -> String {
    guard case .text(let value) = self else {
      throw AllocatorParameterError(path: path, reason: "expected a name")
    }
    return value
  }

  func texts(at path: String) throws(AllocatorParameterError) -> [String] {
    guard case .list(let values) = self else {
      throw AllocatorParameterError(
        path: path, reason: "expected a list of names such as [disk, gpus]")
    }
    var texts: [String] = []
    for value in values { texts.append(try value.text(at: path)) }
    return texts
  }
}
