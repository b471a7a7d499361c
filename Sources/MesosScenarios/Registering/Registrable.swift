// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a program can add to mesosim: one type each for an allocator, a framework or a reader of
// traces. A type says what it is called and what it can be told; the rest of mesosim treats it like
// our own.

public import Mesos
public import MesosAllocation

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
  static var parameters: [any DeclaredParameter] { get }
  /// Adds it to the names that a scenario may use.
  static func register(in vocabulary: inout ScenarioVocabulary)
}

extension Registrable {
  /// It can be told nothing.
  public static var parameters: [any DeclaredParameter] { [] }
}

/// An allocator that a scenario can name in `allocators:`.
///
/// Everything that takes allocators takes it then: `run`, `compare`, `size`, `diff`, `bench`.
public protocol RegisteredAllocator: Allocator, Registrable {
  /// Makes one without slaves and frameworks.
  ///
  /// Called for every run, and once when a scenario is checked.
  /// - Parameter request: The settings that all allocators share, and the declared parameters.
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
