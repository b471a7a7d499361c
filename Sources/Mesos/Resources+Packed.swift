// Part of mesosim. Apache-2.0, see LICENSE.
//
// Resources inside messages, of which there is one for each task and each offer.

/// A list of resources in words, not in vectors.
///
/// What holds a vector is aligned to 16 bytes, which is dear to allocate (Performance.md).
@propertyWrapper
@usableFromInline package struct Packed: Hashable, Sendable {
  @usableFromInline var cpus: Int64
  @usableFromInline var mem: Int64
  @usableFromInline var disk: Int64
  @usableFromInline var gpus: Int64
  @usableFromInline var rest: Resources.Rest?

  @inlinable package init(wrappedValue: Resources) {
    cpus = wrappedValue.lowerAmounts[0]
    mem = wrappedValue.lowerAmounts[1]
    disk = wrappedValue.upperAmounts[0]
    gpus = wrappedValue.upperAmounts[1]
    rest = wrappedValue.rest
  }

  /// The list.
  @inlinable package var wrappedValue: Resources {
    get {
      Resources(lower: SIMD2(cpus, mem), upper: SIMD2(disk, gpus), rest: rest)
    }
    set { self = Packed(wrappedValue: newValue) }
  }

  @usableFromInline package static func == (left: Packed, right: Packed) -> Bool {
    left.wrappedValue == right.wrappedValue
  }

  @usableFromInline package func hash(into hasher: inout Hasher) { hasher.combine(wrappedValue) }
}
