// Part of mesosim. Apache-2.0, see LICENSE.
//
// What commands do, as tests mostly want it.

public import MesosCluster
import SimulationKernel
import VirtualTime

extension CommandRule {
  /// Describes a command that runs for a time.
  ///
  ///     CommandRule("./server *", runsFor: nil, healthyAfter: .seconds(3))
  ///     CommandRule("./migrate", runsFor: .seconds(20), exitCode: 1)
  ///
  /// - Parameters:
  ///   - pattern: Which command lines are meant, with `*` for any text.
  ///   - duration: How long it runs when it gets the cpu it wants; `nil` for until it is ended.
  ///   - exitCode: What it exits with.
  ///   - delay: From when on its health checks come out well; from the start by default.
  public init(
    _ pattern: String, runsFor duration: Duration?, exitCode: Int32 = 0,
    healthyAfter delay: Duration = .zero
  ) {
    let fixed = duration.flatMap { try? Distribution(.constant(max(.zero, $0).inSeconds)) }
    let sick = HealthPhase(from: .zero, .unhealthy)
    self.init(
      pattern, length: fixed.map { .drawn($0) } ?? .endless, exitCode: exitCode,
      health: delay > .zero ? [sick, HealthPhase(from: delay, .healthy)] : [])
  }
}
