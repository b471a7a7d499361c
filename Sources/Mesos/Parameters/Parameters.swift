// Part of mesosim. Apache-2.0, see LICENSE.
//
// The values of some parameters, by the declarations that give them their types.

/// The values that were given for some parameters; what was not given has its default.
///
///     var parameters = Parameters()
///     parameters[Pool.tasks] = 40
///     parameters[Pool.tasks]  // 40
///
/// - Complexity: Each access is O(*n*) in the number of values given: read them once.
public struct Parameters: Hashable, Sendable {
  /// What was given, in the order given.
  public private(set) var entries: [ParameterValue.Entry] = []

  /// Gives nothing.
  public init() {}

  /// Gives every parameter its default.
  public init(defaultsOf parameters: [any DeclaredParameter]) {
    entries = parameters.compactMap { parameter in
      parameter.standardData.map { ParameterValue.Entry(key: parameter.name, value: $0) }
    }
  }

  /// The value of a parameter, which must make sense: `check` sees to that.
  public subscript<Value>(parameter: Parameter<Value>) -> Value {
    get {
      guard let data = self[parameter.name] else { return parameter.standard }
      do throws(ParameterError) { return try parameter.value(of: data) } catch {
        preconditionFailure("parameters were read unchecked: \(error)")
      }
    }
    set { self[parameter.name] = parameter.data(of: newValue) }
  }

  /// The data behind a key; `nil` when it was not given.
  public subscript(name: String) -> ParameterValue? {
    get { entries.first { $0.key == name }?.value }
    set {
      let place = entries.firstIndex { $0.key == name }
      switch (newValue, place) {
      case (let value?, let place?): entries[place].value = value
      case (let value?, nil): entries.append(ParameterValue.Entry(key: name, value: value))
      case (nil, let place?): entries.remove(at: place)
      case (nil, nil): break
      }
    }
  }

  /// Whether a parameter was given.
  public func contains(_ parameter: some DeclaredParameter) -> Bool { self[parameter.name] != nil }

  /// Refuses what was not declared or makes no sense.
  ///
  /// - Parameters:
  ///   - declared: The parameters there are.
  ///   - owner: What has them, for the error: `allocator 'drf'`.
  /// - Throws: `ParameterError` for the first of these.
  public func check(
    against declared: [any DeclaredParameter], of owner: String
  ) throws(ParameterError) {
    for entry in entries {
      guard let parameter = declared.first(where: { $0.name == entry.key }) else {
        let known = declared.map(\.name).joined(separator: ", ")
        let hint = known.isEmpty ? "it has none" : "it has \(known)"
        throw ParameterError(path: entry.key, reason: "\(owner) has no such key; \(hint)")
      }
      try parameter.check(entry.value)
    }
  }
}

extension Parameters {
  /// Whether the same was given, in whatever order.
  public static func == (left: Parameters, right: Parameters) -> Bool {
    left.entries.count == right.entries.count
      && left.entries.allSatisfy { right[$0.key] == $0.value }
  }

  /// Hashes what was given, in whatever order.
  public func hash(into hasher: inout Hasher) {
    for entry in entries.sorted(by: { $0.key < $1.key }) { hasher.combine(entry) }
  }
}

extension Parameters: ExpressibleByDictionaryLiteral {
  /// Gives data by their keys.
  public init(dictionaryLiteral elements: (String, ParameterValue)...) {
    for (key, value) in elements { self[key] = value }
  }
}
