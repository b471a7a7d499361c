// Part of mesosim. Apache-2.0, see LICENSE.
//
// The C++ counterparts as loads.

import KernelReference

/// A load written in C++.
public final class ReferenceLoad: Load {
  private let load: UnsafeMutableRawPointer
  private let runLoad: (UnsafeMutableRawPointer, Int) -> UInt64
  private let freeLoad: (UnsafeMutableRawPointer) -> Void
  private let increments: Increments

  private init(
    _ increments: Increments, _ load: UnsafeMutableRawPointer,
    run: @escaping (UnsafeMutableRawPointer, Int) -> UInt64,
    free: @escaping (UnsafeMutableRawPointer) -> Void
  ) {
    self.increments = increments
    self.load = load
    runLoad = run
    freeLoad = free
  }

  deinit { freeLoad(load) }

  /// Does this many rounds.
  /// - Returns: A checksum of the order in which events came out.
  public func run(_ rounds: Int) -> UInt64 { runLoad(load, rounds) }

  /// `std::priority_queue` of 16-byte keys without payload.
  public static func keys(_ increments: Increments, pending: Int) -> ReferenceLoad {
    ReferenceLoad(
      increments, reference_keys_make(increments.reference, pending), run: reference_keys_run,
      free: reference_keys_free)
  }

  /// A simulation with virtual handlers.
  public static func simulation(
    _ increments: Increments, pending: Int, handlers: Int
  ) -> ReferenceLoad {
    ReferenceLoad(
      increments, reference_simulation_make(increments.reference, pending, handlers),
      run: reference_simulation_run, free: reference_simulation_free)
  }
}
