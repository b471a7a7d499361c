// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a program can add to mesosim: one type each for an allocator, a framework or a reader of
// traces. A type says what it is called and what it can be told; the rest of mesosim treats it like
// our own.

public import MesosAllocation

/// One setting of something registered: its key, what is written there, its default, its meaning.
public typealias DeclaredParameter = AllocatorDescriptor.Parameter

/// Says which setting has no sense, and why.
public typealias ParameterError = AllocatorParameterError

/// Something that a program adds to what scenarios can name.
///
/// Conform to one of `RegisteredAllocator`, `RegisteredFramework` and `RegisteredTraceReader`, and
/// hand the type to `Mesosim.main(registering:)`, or register it in a vocabulary of your own:
///
///     var vocabulary = ScenarioVocabulary()
///     RoundRobin.register(in: &vocabulary)
///     let loaded = try Scenario.load("x.yaml", vocabulary: vocabulary)
public protocol Registrable: SendableMetatype {
  /// What a scenario calls it; takes the place of anything of ours that is called so.
  static var name: String { get }
  /// What it does, in one line.
  static var summary: String { get }
  /// What a scenario can tell it; other keys are refused, with a suggestion.
  static var parameters: [DeclaredParameter] { get }
  /// Adds it to the names that a scenario may use.
  static func register(in vocabulary: inout ScenarioVocabulary)
}

extension Registrable {
  /// It can be told nothing.
  public static var parameters: [DeclaredParameter] { [] }
}

/// An allocator that a scenario can name in `allocators:`.
///
/// Everything that takes allocators takes it then: `run`, `compare`, `size`, `diff`, `bench`.
public protocol RegisteredAllocator: Allocator, Registrable {
  /// Makes one without slaves and frameworks.
  ///
  /// Called for every run, and once when a scenario is checked.
  /// - Parameter request: The settings that all allocators share, and the declared parameters that
  ///   were given; `ParameterReader` takes these out.
  /// - Throws: `ParameterError` when a parameter has no sense.
  init(_ request: AllocatorRequest) throws(ParameterError)
}

extension RegisteredAllocator {
  /// Adds it to the allocators.
  public static func register(in vocabulary: inout ScenarioVocabulary) {
    vocabulary.allocators.register(
      AllocatorDescriptor(name: name, summary: summary, parameters: parameters) {
        (request) throws(ParameterError) in try Self(request)
      })
  }
}

extension ParameterReader {
  /// A duration such as `5s`.
  /// - Parameters:
  ///   - key: The key.
  ///   - standard: What stands when it is not given.
  /// - Returns: The duration, zero or more.
  /// - Throws: `ParameterError` when it is none.
  public func duration(
    _ key: String, default standard: Duration
  ) throws(ParameterError) -> Duration {
    guard let value = values[key] else { return standard }
    guard case .text(let text) = value, let duration = Scenario.duration(text), duration >= .zero
    else { throw refusal(key, value, "a duration such as 250ms, 5s, 10m, 2h or 1d") }
    return duration
  }
}
