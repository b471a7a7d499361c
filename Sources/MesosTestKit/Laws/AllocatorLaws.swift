// Part of mesosim. Apache-2.0, see LICENSE.
//
// Holding an allocator to its word: one call for the author of an allocator.

public import Mesos
public import MesosAllocation
import VirtualTime

/// Holds an allocator to the laws that it promises, over random sequences of calls and random
/// pools.
///
///     let laws = AllocatorLaws { request throws(ParameterError) in
///       MyAllocator(request.options)
///     }
///     #expect(laws.violations(of: [.neverMoreThanFree, .sharingIncentive]) == [])
///
/// An allocator that supports quota is given limits, and of one whose offers overlap what is open
/// is not counted as used.
public struct AllocatorLaws: Sendable {
  /// How an allocator is made; called once for each sequence.
  public typealias Make =
    @Sendable (AllocatorRequest) throws(ParameterError) -> any Allocator

  private let make: Make

  /// Takes what makes the allocator.
  public init(_ make: @escaping Make) { self.make = make }

  /// Takes an allocator by its descriptor, with its defaults.
  public init(_ descriptor: AllocatorDescriptor) { make = descriptor.make }

  /// Looks for a case that breaks a law.
  ///
  /// - Parameters:
  ///   - laws: The laws, such as the `promises` of a descriptor.
  ///   - seeds: Each seed is one random sequence of calls or one random pool.
  /// - Returns: The first violation of each law that is broken, in the order of `laws`.
  public func violations(
    of laws: [AllocatorLaw], seeds: Range<UInt64> = 0..<20
  ) -> [LawViolation] {
    laws.compactMap { law in
      for seed in seeds {
        if let violation = violation(of: law, seed: seed) { return violation }
      }
      return nil
    }
  }

  /// Tries one random case.
  ///
  /// - Parameters:
  ///   - law: The law.
  ///   - seed: The case: the same seed, the same case, on every machine.
  /// - Returns: How the law is broken; `nil` if it is kept.
  public func violation(of law: AllocatorLaw, seed: UInt64) -> LawViolation? {
    let account: String?
    do throws(ParameterError) {
      if AllocatorLaw.fairness.contains(law) {
        account = try SharedPool(seed: seed).violation(of: law, seed: seed, make)
      } else if law == .isDeterministic {
        let first = try AllocatorStream(seed: seed, law, make).run()
        let second = try AllocatorStream(seed: seed, law, make).run()
        account = zip(first.log, second.log).first { $0 != $1 }
          .map { "once '\($0)', once '\($1)'" }
      } else {
        account = try AllocatorStream(seed: seed, law, make).run().violation
      }
    } catch {
      account = "cannot be made with its defaults: \(error)"
    }
    return account.map { LawViolation(law: law, seed: seed, account: $0) }
  }

  /// Tries one pool.
  ///
  /// - Parameters:
  ///   - law: A law of fairness.
  ///   - pool: What there is, and who needs what.
  ///   - seed: Decides the false claims that are tried.
  /// - Returns: How the law is broken; `nil` if it is kept.
  /// - Throws: `ParameterError` when the allocator cannot be made with its defaults.
  public func violation(
    of law: AllocatorLaw, in pool: SharedPool, seed: UInt64 = 0
  ) throws(ParameterError) -> LawViolation? {
    try pool.violation(of: law, seed: seed, make)
      .map { LawViolation(law: law, seed: seed, account: $0) }
  }
}

/// A case in which a law is broken.
public struct LawViolation: Sendable, Hashable, CustomStringConvertible {
  /// The law.
  public var law: AllocatorLaw
  /// The case; `violation(of:seed:)` tries it again.
  public var seed: UInt64
  /// What happened.
  public var account: String

  /// The law, the case and what happened.
  public var description: String { "\(law.rawValue) is broken (seed \(seed)): \(account)" }
}
