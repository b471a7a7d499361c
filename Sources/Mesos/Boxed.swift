// Part of mesosim. Apache-2.0, see LICENSE.
//
// Keeps large, rarely changed parts of a message behind one reference, so that a task or an offer
// is moved in a few words however much its description says.

/// A value behind one shared reference, copied when it is changed while shared.
@propertyWrapper
public struct Boxed<Value: Hashable & Sendable>: Hashable, Sendable {
  private final class Storage: Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
  }

  private var storage: Storage

  /// The value.
  public var wrappedValue: Value {
    // Lends the value: a reader of one part doesn't pay for a copy of all others.
    _read { yield storage.value }
    set { storage = Storage(newValue) }
  }

  /// The box itself, for sharing one value among many messages.
  public var projectedValue: Boxed {
    get { self }
    set { self = newValue }
  }

  /// Puts a value into a box of its own.
  public init(wrappedValue: Value) { storage = Storage(wrappedValue) }

  /// Equal boxes hold equal values.
  public static func == (left: Boxed, right: Boxed) -> Bool {
    left.storage === right.storage || left.storage.value == right.storage.value
  }

  /// Hashes the value.
  public func hash(into hasher: inout Hasher) { hasher.combine(storage.value) }
}
