// Part of mesosim. Apache-2.0, see LICENSE.
//
// The allocators that can be named in a scenario, ours and those a user adds: what they are called,
// what they can be told, and how one is made from simple values.

/// An allocator that can be named in a scenario.
public struct AllocatorDescriptor: Sendable {
  /// One setting beyond those that all allocators share.
  public struct Parameter: Sendable, Hashable {
    /// The key in a scenario.
    public var name: String
    /// What is written there, in words: `number`, `list of names`, `framework or role`.
    public var type: String
    /// What stands when the key is left out.
    public var defaultValue: String
    /// What it does, in one line.
    public var meaning: String

    /// Describes a parameter.
    public init(name: String, type: String, defaultValue: String, meaning: String) {
      self.name = name
      self.type = type
      self.defaultValue = defaultValue
      self.meaning = meaning
    }
  }

  /// The name in a scenario, such as `drf`.
  public var name: String
  /// What it does, in one line.
  public var summary: String
  /// What it can be told.
  public var parameters: [Parameter]
  /// The laws that it promises to keep with its defaults.
  public var promises: [AllocatorLaw]
  /// Makes one; throws when a parameter has no sense.
  public var make: @Sendable (AllocatorRequest) throws(AllocatorParameterError) -> any Allocator

  /// Describes an allocator.
  public init(
    name: String, summary: String, parameters: [Parameter] = [], promises: [AllocatorLaw] = [],
    make: @escaping @Sendable (AllocatorRequest) throws(AllocatorParameterError) -> any Allocator
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.promises = promises
    self.make = make
  }
}

/// What an allocator is made from.
public struct AllocatorRequest: Sendable {
  /// The settings that all allocators share.
  public var options: AllocatorOptions
  /// The parameters given, by their keys.
  public var parameters: [String: AllocatorParameterValue]
  /// The frameworks of the scenario in its order, for defaults: names and roles.
  public var frameworks: [(name: String, roles: [String])]

  /// Asks for an allocator.
  public init(
    options: AllocatorOptions = AllocatorOptions(),
    parameters: [String: AllocatorParameterValue] = [:],
    frameworks: [(name: String, roles: [String])] = []
  ) {
    self.options = options
    self.parameters = parameters
    self.frameworks = frameworks
  }
}

/// A value as a scenario writes it.
public indirect enum AllocatorParameterValue: Sendable, Hashable {
  /// `true` or `false`.
  case flag(Bool)
  /// A number.
  case number(Double)
  /// A text.
  case text(String)
  /// A list.
  case list([AllocatorParameterValue])
  /// Keys and values in the order written.
  case map([Entry])

  /// A key and its value.
  public struct Entry: Sendable, Hashable {
    /// The key.
    public var key: String
    /// The value.
    public var value: AllocatorParameterValue

    /// Makes an entry.
    public init(key: String, value: AllocatorParameterValue) {
      self.key = key
      self.value = value
    }
  }
}

/// Says which parameter of an allocator has no sense, and why.
public struct AllocatorParameterError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The keys that lead to the value, such as `partition.shares`; empty for the allocator's name.
  public var path: String
  /// What is wrong and what to write instead.
  public var reason: String

  /// Refuses a parameter.
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// Path and reason.
  public var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
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
  /// - Throws: `AllocatorParameterError` for an unknown name or parameter, or a value without
  ///   sense.
  public func make(
    _ name: String, _ request: AllocatorRequest = AllocatorRequest()
  ) throws(AllocatorParameterError) -> any Allocator {
    guard let descriptor = self[name] else {
      let known = descriptors.map(\.name).joined(separator: ", ")
      throw AllocatorParameterError(
        path: "", reason: "no allocator is called '\(name)'; there are \(known)")
    }
    let allowed = descriptor.parameters.map(\.name)
    if let stray = request.parameters.keys.sorted().first(where: { !allowed.contains($0) }) {
      let hint = allowed.isEmpty ? "it has none" : "it has \(allowed.joined(separator: ", "))"
      throw AllocatorParameterError(
        path: stray, reason: "allocator '\(name)' has no such key; \(hint)")
    }
    return try descriptor.make(request)
  }
}
