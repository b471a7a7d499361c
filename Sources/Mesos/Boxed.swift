// Part of mesosim. Apache-2.0, see LICENSE.
//
// Keeps what a message says behind one reference, so that a task or an offer is moved in a word
// however much its description says.

/// A value behind one shared reference, copied when it is changed while shared.
@propertyWrapper
@usableFromInline package struct Boxed<Value: Hashable & Sendable>: Hashable, Sendable {
  // Unchecked, for it is changed only while it has one owner.
  @usableFromInline final class Storage: @unchecked Sendable {
    @exclusivity(unchecked) @usableFromInline var value: Value
    @inlinable init(_ value: consuming Value) { self.value = value }
  }

  @usableFromInline var storage: Storage

  /// The value.
  @inlinable package var wrappedValue: Value {
    // Lends the value: a reader of one part doesn't pay for a copy of all others.
    _read { yield storage.value }
    _modify {
      if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.value) }
      yield &storage.value
    }
  }

  /// Puts a value into a box of its own.
  @inlinable package init(wrappedValue: Value) { storage = Storage(wrappedValue) }

  /// Puts a value into a box of its own.
  @inlinable package init(_ value: consuming Value) { storage = Storage(value) }

  /// Equal boxes hold equal values.
  @usableFromInline package static func == (left: Boxed, right: Boxed) -> Bool {
    left.storage === right.storage || left.storage.value == right.storage.value
  }

  /// Hashes the value.
  @usableFromInline package func hash(into hasher: inout Hasher) { hasher.combine(storage.value) }
}

extension Boxed: CustomStringConvertible, CustomReflectable {
  /// The value as text, as if it were not in a box.
  @usableFromInline package var description: String { String(describing: storage.value) }
  /// What `dump` and failed expectations show: the value.
  @usableFromInline package var customMirror: Mirror { Mirror(reflecting: storage.value) }
}
