// Part of mesosim. Apache-2.0, see LICENSE.
//
// Constrained max-min fairness, as Choosy approximates it online (Ghodsi et al., EuroSys 2013):
// some frameworks can use some slaves only, and what is free goes to who has the least among those
// who can use it.

import Mesos

extension Policy {
  /// What is free to who holds the least of one resource among those who can use the slave.
  static func constrained(
    _ constraints: SlaveChoice?, resource: FairResource = .named("cpus")
  ) -> Policy {
    Policy(measure: SingleShare(resource: resource), slaves: constraints)
  }
}

extension AllocatorDescriptor {
  /// `constrained`: max-min fairness among those who can use a slave.
  public static let constrained = AllocatorDescriptor(
    "constrained",
    "Choosy: a slave to who holds the least of one resource among those who can use it",
    [constraints, FairResource.resource, FairResource.slot],
    fairness: [.paretoEfficiency],
    names: { request in
      FairResource.names(request) + (request[constraints]?.names(at: "constraints") ?? [])
    }
  ) { request throws(ParameterError) in
    .constrained(request[constraints], resource: try FairResource(request))
  }

  private static let constraints = Parameter.slaves(
    "constraints", .constraint,
    "the only slaves that a framework or role can use, such as {web: 'rack:r1'}; others use all")
}
