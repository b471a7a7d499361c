// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a Marathon is told: its apps, what is done with them later, and its own settings.

import Mesos

/// How Marathon behaves, beside its apps.
public struct MarathonOptions: Sendable, Hashable {
  /// The apps that are created when it starts, each list together.
  public var apps: [[AppDefinition]]
  /// What apps are changed to, by names such as `web@v2`: bodies of `PUT /v2/apps/ID`, as JSON.
  public var versions: [AppDefinition.Pair]
  /// What is done later.
  public var acts: [FrameworkAct]
  /// What the constraints' operators mean.
  public var semantics: PlacementRules.Semantics
  /// How many instances may be launched in 30 s, beside one for each that runs.
  public var launchTokens: Int
  /// How many instances may be launched on one offer.
  public var launchesPerOffer: Int
  /// How long what is declined stays away when nothing is wanted of it.
  public var declineDuration: Duration
  /// The least time between two requests for offers.
  public var reviveInterval: Duration
  /// How long an instance may take to start.
  public var launchTimeout: Duration
  /// How often Marathon asks what became of its tasks.
  public var reconciliationInterval: Duration
  /// How often Marathon looks whether there are as many instances as are wanted.
  public var scaleInterval: Duration

  /// Marathon's defaults, without apps.
  public init() {
    apps = []
    versions = []
    acts = []
    semantics = .classic
    launchTokens = 100
    launchesPerOffer = 5
    declineDuration = .seconds(120)
    reviveInterval = .seconds(5)
    launchTimeout = .seconds(300)
    reconciliationInterval = .seconds(600)
    scaleInterval = .seconds(300)
  }
}
