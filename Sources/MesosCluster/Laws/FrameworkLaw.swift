// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a framework can be held to while a scenario runs, beside what every cluster keeps.

public import Mesos
import VirtualTime

/// What a framework can be held to in any run.
public enum FrameworkLaw: String, Hashable, Sendable, CaseIterable {
  /// None of its tasks is refused as invalid: it asks for no more than it was offered, and for
  /// nothing that makes no sense (Rules 3.3). A launch that crosses a rescind is no such task.
  case launchesWhatIsValid
  /// It launches nothing on an offer that it was told is gone, or has answered.
  case launchesOnOpenOffers
  /// At the end it keeps no offer open for longer than it may: nobody else can use it (Rules 4.1).
  case answersOffers
  /// No two of its tasks that live have the same name.
  case distinctNames
  /// No two of its tasks that live are on the same slave.
  case distinctHosts
  /// At the end, as many tasks are up as it says are wanted, of each group.
  case keepsWanted
  /// At the end, all jobs that were submitted to it are finished.
  case finishesJobs

  /// Those that are true of every sound framework, whatever it is for.
  public static let general: [FrameworkLaw] = [
    .launchesWhatIsValid, .launchesOnOpenOffers, .answersOffers, .keepsWanted,
  ]

  /// How long an offer may be kept when nothing else is said.
  public static let patience = Duration.seconds(300)
}

/// A law, and who is held to it.
public struct LawRule: Hashable, Sendable {
  /// The law.
  public var law: FrameworkLaw
  /// The frameworks, by index.
  public var frameworks: [FrameworkIndex]
  /// How long, where the law is about a time.
  public var within: Duration

  /// Holds frameworks to a law.
  /// - Parameters:
  ///   - law: The law.
  ///   - frameworks: Their indices.
  ///   - within: How long, where the law is about a time.
  public init(
    _ law: FrameworkLaw, _ frameworks: [FrameworkIndex],
    within: Duration = FrameworkLaw.patience
  ) {
    self.law = law
    self.frameworks = frameworks
    self.within = within
  }
}
