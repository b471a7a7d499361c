// Part of mesosim. Apache-2.0, see LICENSE.
//
// What frameworks that reserve have in common: they need a role of their own.

import Mesos

extension FrameworkRequest {
  /// Refuses the role that nothing can be reserved for.
  func needsReservedResources(for type: String) throws(ParameterError) {
    guard roles.contains(.unreserved) else { return }
    throw ParameterError(
      path: "",
      reason: "'role' is missing: '\(type)' needs resources reserved for a role other than '*'")
  }
}
