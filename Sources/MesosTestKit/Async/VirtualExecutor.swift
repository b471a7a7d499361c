// Part of mesosim. Apache-2.0, see LICENSE.
//
// Runs the tasks of one scheduler on the thread of its simulation, one after the other: what waits
// for time waits for virtual time. Whatever comes from another thread has escaped from that, and
// stops the program with a sentence, since the run would not be the same again.

import Glibc
import Synchronization

/// Runs tasks in the order in which they become ready, while it is entered.
final class VirtualExecutor: SerialExecutor, TaskExecutor, @unchecked Sendable {
  /// Tasks that are ready; only touched by the thread that has entered.
  private var ready: [UnownedJob] = []
  /// The thread that has entered; 0 for none.
  private let thread = Atomic<UInt>(0)
  /// More than this at one instant is a loop that waits for nothing.
  private static let mostJobs = 10_000_000

  private static var current: UInt { UInt(pthread_self()) }

  /// Whether this thread has entered.
  var isEntered: Bool { thread.load(ordering: .acquiring) == Self.current }

  /// Does something in the course of the simulation, then runs whatever became ready by it.
  func enter(_ body: () -> Void) {
    // A driver may call back from within a task, whose round goes on afterwards.
    if isEntered { return body() }
    thread.store(Self.current, ordering: .releasing)
    body()
    var next = 0
    while next < ready.count {
      guard next < Self.mostJobs else {
        fatalError("an async scheduler runs on and on at one instant: does it wait for anything?")
      }
      let job = ready[next]
      next += 1
      job.runSynchronously(
        isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
    }
    ready.removeAll(keepingCapacity: true)
    thread.store(0, ordering: .releasing)
  }

  func enqueue(_ job: consuming ExecutorJob) {
    check("a task of an async scheduler became ready")
    ready.append(UnownedJob(job))
  }

  /// Stops the program when this is not the thread of the simulation.
  func check(_ what: String) {
    guard !isEntered else { return }
    fatalError(
      """
      \(what) outside of the simulation's course: what it waited for was not virtual time. Take the \
      clock of its AsyncFramework for Task.sleep, and a task group or async let for Task {} and \
      Task.detached, which run on threads of their own.
      """)
  }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

  func checkIsolated() { check("something isolated to an async scheduler ran") }
}
