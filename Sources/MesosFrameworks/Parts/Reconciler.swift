// Part of mesosim. Apache-2.0, see LICENSE.
//
// Asks masters what became of tasks. What follows from their answers, which come as updates, is the
// framework's business.

package import Mesos

/// Asks what became of a framework's tasks: when it is connected, and from then on at an interval
/// where messages can get lost.
///
/// A launch that never arrived is not told of otherwise.
package final class Reconciler {
  private let environment: any Environment
  private let interval: Duration?
  private var timer: TimerID?

  /// Makes a reconciler that has not asked yet; without an interval it will ask only once.
  package init(every interval: Duration?, environment: any Environment) {
    self.interval = interval
    self.environment = environment
  }

  /// Asks of these tasks now; nothing when there are none.
  package func ask(_ driver: any SchedulerDriver, of tasks: [TaskID]) {
    if !tasks.isEmpty { driver.reconcileTasks(tasks.map { TaskQuery($0) }) }
  }

  /// Calls `action` at each interval from now on, if there is one; does nothing when that has been
  /// asked for before.
  package func start(_ action: @escaping () -> Void) {
    guard let interval, timer == nil else { return }
    timer = environment.startTimer(after: interval) { [weak self] in
      guard let self else { return }
      timer = nil
      action()
      start(action)
    }
  }
}
