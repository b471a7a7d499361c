// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is wrong with the offers of an answer (Rules 4.4).

import Mesos

extension Master {
  /// What is wrong with the offers of an answer, or `nil`, in the order in which Mesos looks.
  func faultOfOffers(_ ids: [OfferID], for framework: FrameworkIndex) -> String? {
    guard let first = ids.first else { return "no offers specified" }
    for (position, id) in ids.enumerated() where ids[..<position].contains(id) {
      return "offer \(id) is listed twice"
    }
    var slave: SlaveIndex?
    var role: Role?
    for id in ids {
      guard id.master == info.id, let offer = offers[id.number] else {
        return "offer \(id) is no longer valid"
      }
      if offer.framework != framework { return "offer \(id) was made to another framework" }
      if let role, role != offer.role { return "offers \(first) and \(id) are of different roles" }
      if let slave, slave != offer.slave {
        return "offers \(first) and \(id) are of different slaves"
      }
      slave = offer.slave
      role = offer.role
    }
    return nil
  }
}
