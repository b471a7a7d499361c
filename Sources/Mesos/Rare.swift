// Part of mesosim. Apache-2.0, see LICENSE.
//
// Keeps what few messages say behind one reference that is nil for all others, so that a task, an
// offer or an update without it is small and costs nothing more.

/// The parts that few messages of a kind have; a value made by `init()` says nothing.
@usableFromInline protocol RareParts: Hashable, Sendable {
  init()
}

/// The rare parts of one message, absent until something is put into them.
@usableFromInline struct Rare<Parts: RareParts>: Hashable, Sendable {
  /// Never holds parts that say nothing: equal messages are equal however they came about.
  @usableFromInline var box: Boxed<Parts>?

  @inlinable init() {}

  /// Whether nothing is said; cheaper to ask than for the parts, which are copied.
  @inlinable var isEmpty: Bool {
    if case nil = box { true } else { false }
  }

  /// The parts; `nil` when they say nothing.
  var parts: Parts? { box?.wrappedValue }

  /// Changes the parts; what is back to saying nothing takes no memory.
  mutating func change(_ body: (inout Parts) -> Void) {
    var parts = box?.wrappedValue ?? Parts()
    body(&parts)
    box = parts == Parts() ? nil : Boxed(wrappedValue: parts)
  }
}
