// Part of mesosim. Apache-2.0, see LICENSE.
//
// What Mesos 1.11 finds wrong with the offers of an answer, and with operations on them, in its
// order and its words (Mesos: `master/validation.cpp`, namespaces `offer` and `operation`).

import Mesos
import MesosAllocation

extension Master {
  func fullFaultOfOffers(_ ids: [OfferID], for framework: FrameworkIndex) -> String? {
    if ids.isEmpty { return "No offers specified" }
    for (position, id) in ids.enumerated() where ids[..<position].contains(id) {
      return "Duplicate offer \(id) in offer list"
    }
    var open: [OpenOffer] = []
    for id in ids {
      guard id.master == info.id, let offer = offers[id.number] else {
        return "Offer \(id) is no longer valid"
      }
      open.append(offer)
    }
    for (id, offer) in zip(ids, open) where offer.framework != framework {
      return "Offer \(id) has invalid framework \(frameworks[offer.framework].id) while framework "
        + "\(frameworks[framework].id) is expected"
    }
    for (id, offer) in zip(ids, open) where offer.role != open[0].role {
      return "Aggregated offers must be allocated to the same role. Offer \(id) uses role "
        + "'\(offer.role) but another is using role '\(open[0].role)"
    }
    for (id, offer) in zip(ids, open) where offer.slave != open[0].slave {
      let (own, first) = (slaves[offer.slave].id, slaves[open[0].slave].id)
      return "Aggregated offers must belong to one single agent. Offer \(id) uses agent "
        + "\(own?.value ?? "") and agent \(first?.value ?? "")"
    }
    return nil
  }

  /// What a framework's operation does to what it was offered.
  func fullConversion(
    _ operation: OfferOperation, by framework: FrameworkIndex, on slave: SlaveIndex
  ) throws(OperationFault) -> Conversion {
    let info = frameworks[framework].info
    let conversion = try fullConversion(operation, principal: info.principal, on: slave)
    switch operation {
    case .reserve(let resources):
      for entry in resources.entries {
        let isOwn = info.effectiveRoles.contains(entry.role)
        if !isOwn {
          throw OperationFault(
            message: "A reserve operation was attempted for a resource with role '\(entry.role)', "
              + "but the framework can only reserve resources with its roles")
        }
        try check(.reserveResources, by: info.principal, on: entry.role.value)
      }
    case .unreserve(let resources):
      for entry in resources.entries {
        try check(
          .unreserveResources, by: info.principal, on: entry.reservations.last?.principal)
      }
    case .create(let volumes):
      for entry in volumes.entries {
        if entry.isShared, !info.capabilities.contains(.sharedResources) {
          throw OperationFault(
            message: "Create volume operation for '\(entry.mesosText)' has been attempted by "
              + "framework '\(frameworks[framework].id)' with no SHARED_RESOURCES capability")
        }
        try check(.createVolumes, by: info.principal, on: entry.role.value)
      }
    case .destroy(let volumes):
      for entry in volumes.entries {
        try check(.destroyVolumes, by: info.principal, on: entry.disk?.principal)
      }
    default: break
    }
    return conversion
  }

  /// What an operation turns into what; without asking who may.
  func fullConversion(
    _ operation: OfferOperation, principal: String?, on slave: SlaveIndex
  ) throws(OperationFault) -> Conversion {
    switch operation {
    case .reserve(let resources): try fullReservation(of: resources, by: principal, on: slave)
    case .unreserve(let resources): try fullUnreservation(of: resources)
    case .create(let volumes): try fullCreation(of: volumes, by: principal, on: slave)
    case .destroy(let volumes): try fullDestruction(of: volumes, on: slave)
    case .growVolume(let volume, let addition): try growth(of: volume, by: addition)
    case .shrinkVolume(let volume, let amount): try shrinkage(of: volume, by: amount)
    case .launch, .launchGroup, .unknown, .named, .malformed:
      throw OperationFault(message: "converts nothing")
    }
  }

  private func checkForm(_ resources: Resources) throws(OperationFault) {
    if resources.isEmpty {
      throw OperationFault(
        message: "Invalid resources: The resources have multiple resource providers: ")
    }
    if let fault = FullFault.of(resources) {
      throw OperationFault(message: "Invalid resources: \(fault)")
    }
  }

  private func lacks(_ slave: SlaveIndex, _ capability: String) -> Bool {
    slaves[slave].info.capabilities?.contains(capability) == false
  }

  private func fullReservation(
    of resources: Resources, by principal: String?, on slave: SlaveIndex
  ) throws(OperationFault) -> Conversion {
    try checkForm(resources)
    for entry in resources.entries {
      guard let last = entry.reservations.last, last.kind == .dynamic else {
        throw OperationFault(message: "Resource \(entry.mesosText) is not dynamically reserved")
      }
      // Only programs of ours say that: a message that does is not valid.
      if let fault = last.role == .unreserved ? "'*' is no role" : FullFault.of(last.role) {
        throw OperationFault(message: "Invalid resources: Invalid reservation: \(fault)")
      }
      if lacks(slave, "HIERARCHICAL_ROLE"), last.role.value.contains("/") {
        throw OperationFault(
          message: "Resource \(entry.mesosText) with reservation for hierarchical role "
            + "'\(last.role)' cannot be reserved on an agent without HIERARCHICAL_ROLE capability")
      }
      if lacks(slave, "RESERVATION_REFINEMENT"), entry.reservations.count > 1 {
        throw OperationFault(
          message: "Resource \(entry.mesosText) with reservation refinement cannot be reserved on "
            + "an agent without RESERVATION_REFINEMENT capability")
      }
      guard let principal else { continue }
      guard let own = last.principal else {
        throw OperationFault(
          message: "A reserve operation was attempted by principal '\(principal)', but there is a "
            + "reserved resource in the request with no principal set")
      }
      if own != principal {
        throw OperationFault(
          message: "A reserve operation was attempted by authenticated principal '\(principal)', "
            + "which does not match a reserved resource in the request with principal '\(own)'")
      }
    }
    return Conversion(consumed: resources.poppingReservation(), converted: resources)
  }

  private func fullUnreservation(of resources: Resources) throws(OperationFault) -> Conversion {
    try checkForm(resources)
    for entry in resources.entries {
      if entry.reservations.last?.kind != .dynamic {
        throw OperationFault(message: "Resource \(entry.mesosText) is not dynamically reserved")
      }
      if entry.disk?.persistenceID != nil {
        throw OperationFault(
          message: "A dynamically reserved persistent volume \(entry.mesosText) cannot be "
            + "unreserved directly. Please destroy the persistent volume first then unreserve the "
            + "resource")
      }
    }
    return Conversion(consumed: resources, converted: resources.poppingReservation())
  }

  private func checkVolumes(_ volumes: Resources) throws(OperationFault) {
    for entry in volumes.entries {
      guard entry.disk != nil else {
        throw OperationFault(
          message: "Not a persistent volume: Resource \(entry.mesosText) does not have DiskInfo")
      }
      if entry.disk?.persistenceID == nil {
        throw OperationFault(
          message: "Not a persistent volume: 'persistence' is not set in DiskInfo")
      }
      if entry.disk?.containerPath == nil {
        throw OperationFault(
          message: "Not a persistent volume: Expecting 'volume' to be set for persistent volume")
      }
    }
  }

  private func fullCreation(
    of volumes: Resources, by principal: String?, on slave: SlaveIndex
  ) throws(OperationFault) -> Conversion {
    try checkForm(volumes)
    try checkVolumes(volumes)
    let there = slaves[slave].total.persistentVolumes
    if let fault = FullFault.ofPersistenceIDs(there + volumes) {
      throw OperationFault(message: fault)
    }
    // What is equal has become one entry in the sum.
    for entry in volumes.entries
    where there.entries.contains(where: {
      $0.role == entry.role && $0.disk?.persistenceID == entry.disk?.persistenceID
    }) {
      throw OperationFault(
        message: "Persistence ID '\(entry.disk?.persistenceID ?? "")' is not unique")
    }
    for entry in volumes.entries {
      guard let principal else { continue }
      guard let own = entry.disk?.principal else {
        throw OperationFault(
          message: "Create volume operation attempted by principal '\(principal)', but there is a "
            + "volume in the operation with no principal set in 'disk.persistence'")
      }
      if own != principal {
        throw OperationFault(
          message: "Create volume operation attempted by authenticated principal '\(principal)', "
            + "which does not match a volume in the operation with principal '\(own)' set in "
            + "'disk.persistence'")
      }
    }
    return Conversion(consumed: volumes.withoutPersistence, converted: volumes)
  }

  private func fullDestruction(
    of volumes: Resources, on slave: SlaveIndex
  ) throws(OperationFault) -> Conversion {
    try checkForm(volumes)
    try checkVolumes(volumes)
    for entry in volumes.entries where !slaves[slave].total.contains(Resources([entry])) {
      throw OperationFault(message: "Persistent volumes not found")
    }
    let isInUse = tasks.slots(onSlave: slaves[slave].tasks).contains { slot in
      !tasks[slot].state.isTerminal
        && volumes.entries.contains { tasks[slot].resources.contains(Resources([$0])) }
    }
    if isInUse { throw OperationFault(message: "Persistent volumes in use") }
    return Conversion(consumed: volumes, converted: volumes.withoutPersistence)
  }

  private func growth(
    of volume: Resources, by addition: Resources
  ) throws(OperationFault) -> Conversion {
    try checkVolumes(volume)
    guard let entry = volume.entries.first, let more = addition.entries.first,
      case .scalar(let old) = entry.value, case .scalar(let extra) = more.value
    else {
      throw OperationFault(
        message: "The size of 'GrowVolume.addition' field must be greater than zero")
    }
    if entry.isShared {
      throw OperationFault(message: "Growing a shared persistent volume is not supported")
    }
    if Resources([entry]).withoutPersistence.entries.first?.isHeld(like: more) != true {
      throw OperationFault(
        message: "Incompatible resources in the 'GrowVolume.volume' and 'GrowVolume.addition' "
          + "fields")
    }
    var grown = entry
    grown.value = .scalar(Scalar(thousandths: old.thousandths &+ extra.thousandths))
    return Conversion(consumed: volume + addition, converted: Resources([grown]))
  }

  private func shrinkage(
    of volume: Resources, by amount: Scalar
  ) throws(OperationFault) -> Conversion {
    if amount.thousandths <= 0 {
      throw OperationFault(message: "Value of 'ShrinkVolume.subtract' must be greater than zero")
    }
    guard let entry = volume.entries.first, case .scalar(let old) = entry.value, amount < old else {
      throw OperationFault(
        message: "Value of 'ShrinkVolume.subtract' must be smaller than the size of "
          + "'ShrinkVolume.volume'")
    }
    if entry.disk?.source?.kind == .mount {
      throw OperationFault(message: "Shrinking a volume on a MOUNT disk is not supported")
    }
    try checkVolumes(volume)
    if entry.isShared {
      throw OperationFault(message: "Shrinking a shared persistent volume is not supported")
    }
    var kept = entry
    kept.value = .scalar(Scalar(thousandths: old.thousandths - amount.thousandths))
    var freed = entry
    freed.value = .scalar(amount)
    return Conversion(
      consumed: volume,
      converted: Resources([kept]) + Resources([freed]).withoutPersistence)
  }
}

extension Resource {
  /// Whether both are of one name and on the same terms.
  fileprivate func isHeld(like other: Resource) -> Bool {
    var (left, right) = (self, other)
    left.value = .scalar(Scalar(thousandths: 1000))
    right.value = .scalar(Scalar(thousandths: 1000))
    return left == right
  }
}
