// Part of mesosim. Apache-2.0, see LICENSE.
//
// The allocators that can be named in a scenario, ours and those a user adds: what they are called,
// what they can be told, and how one is made from simple values.

public import Mesos

/// An allocator that can be named in a scenario.
public struct AllocatorDescriptor: Sendable {
  /// The name in a scenario, such as `drf`.
  public var name: String
  /// What it does, in one line.
  public var summary: String
  /// What it can be told beyond what all allocators share.
  public var parameters: [any DeclaredParameter]
  /// The laws that it promises to keep with its defaults.
  public var promises: [AllocatorLaw]
  /// The names in the parameters that stand for something in the scenario.
  public var names: @Sendable (AllocatorRequest) -> [ScenarioName]
  /// Makes one; throws for a parameter that it does not have or that makes no sense.
  public let make: @Sendable (AllocatorRequest) throws(ParameterError) -> any Allocator

  /// Describes an allocator.
  ///
  /// - Parameters:
  ///   - name: The name in a scenario.
  ///   - summary: What it does, in one line.
  ///   - parameters: What it can be told.
  ///   - promises: The laws that it promises to keep with its defaults.
  ///   - names: The names in parameters that stand for something in the scenario; a scenario that
  ///     has no such thing is refused.
  ///   - make: Makes one from parameters that each make sense by themselves.
  public init(
    name: String, summary: String, parameters: [any DeclaredParameter] = [],
    promises: [AllocatorLaw] = [],
    names: @escaping @Sendable (AllocatorRequest) -> [ScenarioName] = { _ in [] },
    make: @escaping @Sendable (AllocatorRequest) throws(ParameterError) -> any Allocator
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.promises = promises
    self.names = names
    self.make = { request throws(ParameterError) in
      try request.parameters.check(against: parameters, of: "allocator '\(name)'")
      return try make(request)
    }
  }
}

/// What an allocator is made from.
public struct AllocatorRequest: Sendable {
  /// The settings that all allocators share.
  public var options: AllocatorOptions
  /// The parameters given.
  public var parameters: Parameters
  /// The frameworks of the scenario in its order, for defaults: names and roles.
  public var frameworks: [(name: String, roles: [String])]
  /// The slaves of the scenario in its order, for what is dealt by group.
  public var slaves: [SlaveGroupEntry]

  /// Asks for an allocator.
  public init(
    options: AllocatorOptions = AllocatorOptions(), parameters: Parameters = Parameters(),
    frameworks: [(name: String, roles: [String])] = [], slaves: [SlaveGroupEntry] = []
  ) {
    self.options = options
    self.parameters = parameters
    self.frameworks = frameworks
    self.slaves = slaves
  }

  /// The value of a parameter: as given, or its default.
  public subscript<Value>(parameter: Parameter<Value>) -> Value { parameters[parameter] }
}

/// The allocators that can be named.
public struct AllocatorRegistry: Sendable {
  /// The allocators, in the order in which they are listed.
  public private(set) var descriptors: [AllocatorDescriptor]

  /// Makes a registry of the allocators that ship with mesosim.
  public init() {
    descriptors = [
      .drf, .fixed, .role, .fifo, .fair, .asset, .ceei, .lottery, .random, .hdrf,
      .constrained, .optimistic,
    ]
  }

  /// Adds an allocator, in place of one of the same name.
  public mutating func register(_ descriptor: AllocatorDescriptor) {
    if let index = descriptors.firstIndex(where: { $0.name == descriptor.name }) {
      descriptors[index] = descriptor
    } else {
      descriptors.append(descriptor)
    }
  }

  /// The allocator of a name.
  public subscript(name: String) -> AllocatorDescriptor? {
    descriptors.first { $0.name == name }
  }

  /// Makes an allocator by name.
  /// - Parameters:
  ///   - name: The name, such as `drf`.
  ///   - request: What to make it from.
  /// - Returns: The allocator, without slaves and frameworks.
  /// - Throws: `ParameterError` for an unknown name or parameter, or a value without
  ///   sense.
  public func make(
    _ name: String, _ request: AllocatorRequest = AllocatorRequest()
  ) throws(ParameterError) -> any Allocator {
    guard let descriptor = self[name] else {
      let known = descriptors.map(\.name).joined(separator: ", ")
      throw ParameterError(
        path: "", reason: "no allocator is called '\(name)'; there are \(known)")
    }
    return try descriptor.make(request)
  }
}
