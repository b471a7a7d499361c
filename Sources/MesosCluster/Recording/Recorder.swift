// Part of mesosim. Apache-2.0, see LICENSE.
//
// Hands the facts of a run to their readers, and hashes them into the run's identity.

import Mesos
import MesosAllocation
import SimulationKernel
public import VirtualTime

/// Hashes facts and passes them to the sinks.
///
/// The digest covers every fact whichever sinks are there, so that it names the run itself.
public final class Recorder {
  @exclusivity(unchecked) private var sinks: [Unmanaged<Keeper>] = []
  @exclusivity(unchecked) private var digest = TraceDigest()
  /// What the last facts were, while they were about offers: what offers of one kind have in common
  /// is hashed once for those that follow one another.
  @exclusivity(unchecked) private var heading: Heading?

  private struct Heading: Equatable {
    let instant: Instant
    let kind: UInt64
    let framework: FrameworkIndex
  }

  /// Holds a sink in a constant, which can be called without being retained (Performance.md).
  private final class Keeper {
    let sink: any ClusterEventSink
    init(_ sink: any ClusterEventSink) { self.sink = sink }
  }

  /// Makes a recorder without sinks.
  public init() {}

  deinit { for sink in sinks { sink.release() } }

  /// Adds a reader of the facts to come.
  public func attach(_ sink: any ClusterEventSink) { sinks.append(.passRetained(Keeper(sink))) }

  /// The hash of all facts so far, 32 hexadecimal digits.
  public var digestText: String { digest.hex }

  /// Takes in one fact.
  func record(_ fact: ClusterEvent, at now: Instant) {
    absorb(fact, at: now)
    // By place: an iterator counts references to the array.
    for place in sinks.indices {
      sinks[place]._withUnsafeGuaranteedRef { $0.sink.record(fact, at: now) }
    }
  }

  /// Passes a note on.
  public func record(_ note: ClusterNote, at now: Instant) {
    for place in sinks.indices {
      sinks[place]._withUnsafeGuaranteedRef { $0.sink.record(note, at: now) }
    }
  }

  private func absorb(_ fact: ClusterEvent, at now: Instant) {
    switch fact {
    case .offered(let framework, let slave, let resources):
      head(Self.offered, framework, at: now)
      digest.absorb(Self.word(of: resources) ^ Self.scattered(slave))
    case .offerEnded(let framework, let slave, let resources, let end):
      head(Self.ended(end), framework, at: now)
      digest.absorb(Self.word(of: resources) ^ Self.scattered(slave))
    case .runOffered(let framework, let run, let places):
      head(Self.offered, framework, at: now)
      absorb(run, places)
    case .runEnded(let framework, let run, let places, let end):
      head(Self.ended(end), framework, at: now)
      absorb(run, places)
    // What decisions go by is no part of what happened.
    case .passMade: break
    default:
      heading = nil
      absorb(single: fact, at: now)
    }
  }

  private func absorb(single fact: ClusterEvent, at now: Instant) {
    digest.absorb(UInt64(bitPattern: now.nanoseconds))
    switch fact {
    case .offered, .offerEnded, .runOffered, .runEnded, .passMade: break
    case .slaveAdded(let slave, let capacity): absorb(1, slave, capacity)
    case .slaveRemoved(let slave): absorb(2, slave)
    case .frameworkAdded(let framework): absorb(3, framework)
    case .frameworkRemoved(let framework): absorb(4, framework)
    case .taskLaunched(let framework, let slave, let resources, _):
      absorb(7, framework, slave, resources)
    case .taskRunning(let framework, let slave, _): absorb(8, framework, slave)
    // Reasons explain what happens and are no part of it.
    case .taskEnded(let framework, let slave, let resources, let state, _, _):
      absorb(9 | UInt64(state.rawValue) << 8, framework, slave, resources)
    case .taskRefused(let framework, let state, _):
      absorb(10 | UInt64(state.rawValue) << 8, framework)
    case .jobSubmitted(let framework, let job): absorb(11, framework.rawValue, job.number)
    case .jobFinished(let framework, let job): absorb(12, framework.rawValue, job.number)
    case .jobAbandoned(let framework, let job): absorb(13, framework.rawValue, job.number)
    case .demand(let framework, let shape, let delta):
      absorb(14, framework.rawValue, Int32(truncatingIfNeeded: delta))
      absorb(shape)
    case .taskWaited(let framework, let job, let since, let until):
      absorb(15, framework.rawValue, job.number)
      digest.absorb(UInt64(bitPattern: since.nanoseconds))
      digest.absorb(UInt64(bitPattern: until.nanoseconds))
    case .slaveDisconnected(let slave): absorb(16, slave)
    case .slaveReconnected(let slave): absorb(17, slave)
    case .frameworkDisconnected(let framework): absorb(18, framework)
    case .frameworkConnected(let framework): absorb(19, framework)
    case .frameworkLeft(let framework): absorb(26, framework)
    case .demandEnded(let framework): absorb(27, framework)
    case .frameworkReplaced(let framework): absorb(28, framework)
    case .masterElected(let master): absorb(20, master)
    case .masterLost(let master): absorb(21, master)
    case .executorStarted(let framework, let slave, let resources):
      absorb(22, framework, slave, resources)
    case .executorEnded(let framework, let slave, let resources):
      absorb(23, framework, slave, resources)
    case .slaveChanged(let slave, let resources): absorb(24, slave, resources)
    case .fault(let number): absorb(25, number, 0)
    case .tasksWanted(let framework, let group, let count):
      absorb(29, framework.rawValue, group.number)
      digest.absorb(UInt64(bitPattern: Int64(count)))
    case .taskUp(let framework, let group, _): absorb(30, framework.rawValue, group.number)
    case .taskIdle(let framework, _, let resources):
      absorb(31, framework.rawValue, 0)
      absorb(resources)
    }
  }

  private static let offered: UInt64 = 5
  private static func ended(_ end: OfferEnd) -> UInt64 { 6 | UInt64(end.rawValue) << 8 }

  /// Offers come by the million, so that what they offer is one word.
  @inline(__always)
  private static func word(of resources: Resources) -> UInt64 {
    var word: UInt64 = 0
    resources.forEachWord {
      word = (word ^ $0) &* 0xa076_1d64_78bd_642f
      word ^= word >> 31
    }
    return word
  }

  /// Takes in what facts about offers have in common, unless those before them had the same.
  private func head(_ kind: UInt64, _ framework: FrameworkIndex, at now: Instant) {
    let heading = Heading(instant: now, kind: kind, framework: framework)
    if heading == self.heading { return }
    self.heading = heading
    digest.absorb(UInt64(bitPattern: now.nanoseconds))
    digest.absorb(kind)
    digest.absorb(Self.word(framework.rawValue, 0))
  }

  /// Takes in what a run stands for, offer by offer: which offers came as runs is not seen.
  private func absorb(_ run: AllocationRun, _ places: Range<Int>) {
    var digest = self.digest
    var (shape, word): (UInt16?, UInt64) = (nil, 0)
    run.slaves.withUnsafeBufferPointer { slaves in
      run.shapeOf.withUnsafeBufferPointer { shapeOf in
        for place in places {
          if shapeOf[place] != shape {
            shape = shapeOf[place]
            word = Self.word(of: run.resources(at: place))
          }
          digest.absorb(word ^ Self.scattered(slaves[place]))
        }
      }
    }
    self.digest = digest
  }

  /// A slave's number over all bits of a word, so that it can be joined with another.
  @inline(__always)
  private static func scattered(_ slave: SlaveIndex) -> UInt64 {
    UInt64(truncatingIfNeeded: slave.rawValue) &* SplitMix64.step
  }

  @inline(__always)
  private static func word(_ first: Int32, _ second: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))
  }

  private func absorb(_ kind: UInt64, _ first: Int32, _ second: Int32) {
    digest.absorb(kind)
    digest.absorb(Self.word(first, second))
  }

  private func absorb(_ resources: Resources) { resources.forEachWord { digest.absorb($0) } }

  private func absorb(_ kind: UInt64, _ party: some DenseIndex) {
    absorb(kind, party.rawValue, 0)
  }

  private func absorb(_ kind: UInt64, _ slave: SlaveIndex, _ resources: Resources) {
    absorb(kind, slave.rawValue, 0)
    absorb(resources)
  }

  private func absorb(_ kind: UInt64, _ framework: FrameworkIndex, _ slave: SlaveIndex) {
    absorb(kind, framework.rawValue, slave.rawValue)
  }

  private func absorb(
    _ kind: UInt64, _ framework: FrameworkIndex, _ slave: SlaveIndex, _ resources: Resources
  ) {
    absorb(kind, framework.rawValue, slave.rawValue)
    absorb(resources)
  }
}
