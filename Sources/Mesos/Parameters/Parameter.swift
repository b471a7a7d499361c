// Part of mesosim. Apache-2.0, see LICENSE.
//
// A parameter of an allocator, a framework or a reader of traces: one declaration that gives its
// default, what may be written, errors, lists and the schema. How a scenario's text is read does
// not belong here.

/// One parameter of something that a scenario can name.
///
///     static let tasks = Parameter.integer("tasks", 1...1_000_000, default: 100, "how many tasks")
///     …
///     let count = request[Self.tasks]
public struct Parameter<Value: Sendable>: Sendable {
  /// The key in a scenario.
  public let name: String
  /// What it does, in one line.
  public let meaning: String
  /// What may be written there.
  public let form: ParameterForm
  /// What stands when the key is left out.
  public let standard: Value
  /// What stands then, in words, where that depends on the rest of the scenario.
  public let standardText: String?

  let take: @Sendable (ParameterValue) throws(ParameterError) -> Value
  let give: @Sendable (Value) -> ParameterValue?

  /// Declares a parameter whose value is made from plain data.
  ///
  /// - Parameters:
  ///   - name: The key in a scenario.
  ///   - form: What may be written there.
  ///   - standard: What stands when the key is left out.
  ///   - standardText: What stands then, in words, where it depends on the rest of the scenario.
  ///   - meaning: What it does, in one line.
  ///   - take: The value from data of this form; throws, with a path below the parameter's own
  ///     or an empty one, when it makes no sense.
  ///   - give: The data that `take` makes the value from; `nil` for a value that is not written.
  public init(
    _ name: String, _ form: ParameterForm, default standard: Value,
    or standardText: String? = nil, _ meaning: String,
    take: @escaping @Sendable (ParameterValue) throws(ParameterError) -> Value,
    give: @escaping @Sendable (Value) -> ParameterValue?
  ) {
    self.name = name
    self.meaning = meaning
    self.form = form
    self.standard = standard
    self.standardText = standardText
    self.take = take
    self.give = give
  }

  /// The value that data stand for.
  package func value(of data: ParameterValue) throws(ParameterError) -> Value {
    try form.check(data, at: name)
    do throws(ParameterError) { return try take(data) } catch {
      let path = error.path.isEmpty ? name : "\(name).\(error.path)"
      throw ParameterError(path: path, reason: error.reason)
    }
  }

  /// The data that stand for a value.
  func data(of value: Value) -> ParameterValue? { give(value) }
}

/// A parameter of any type.
public protocol DeclaredParameter: Sendable {
  /// The key in a scenario.
  var name: String { get }
  /// What it does, in one line.
  var meaning: String { get }
  /// What may be written there.
  var form: ParameterForm { get }
  /// The data that stand when the key is left out; `nil` where nothing does.
  var standardData: ParameterValue? { get }
  /// What stands then, in words, where that depends on the rest of the scenario.
  var standardText: String? { get }
  /// Refuses data that make no sense.
  ///
  /// - Parameter data: What stands behind the key.
  /// - Throws: `ParameterError` with what was expected.
  func check(_ data: ParameterValue) throws(ParameterError)
}

extension Parameter: DeclaredParameter {
  /// The data that stand when the key is left out; `nil` where nothing does.
  public var standardData: ParameterValue? { give(standard) }

  /// Refuses data that make no sense.
  ///
  /// - Parameter data: What stands behind the key.
  /// - Throws: `ParameterError` with what was expected.
  public func check(_ data: ParameterValue) throws(ParameterError) { _ = try value(of: data) }
}
