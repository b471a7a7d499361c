// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is kept on a slave for an instance with persistent volumes: its reservation and its volumes.

import Mesos

/// The place of a resident instance: resources that are reserved for it, and volumes made of them.
final class Residence {
  static let frameworkLabel = "marathon_framework_id"
  static let instanceLabel = "marathon_task_id"

  /// The name of the instance that it was made for, by which it is known again.
  let name: String
  let role: Role
  var slave: SlaveID
  let location: Location
  let ports: [Int?]
  /// All that is taken of a slave, as it was before.
  let wanted: Resources
  /// All of it but the volumes, reserved.
  let reserved: Resources
  let volumes: Resources
  /// Whether it has been offered since it was made.
  var isSeen = false

  /// Describes a place.
  ///
  /// - Parameters:
  ///   - name: The name of the instance.
  ///   - definition: What its app needs.
  ///   - ports: Its host ports.
  ///   - slave: Where it is.
  ///   - role: For which role it is reserved.
  ///   - location: Where it is, as constraints see it.
  ///   - owner: Who reserves: the framework's id and principal.
  init(
    _ name: String, _ definition: AppDefinition, ports: [Int?], slave: SlaveID, role: Role,
    _ location: Location, owner: (id: String, principal: String?)
  ) {
    self.name = name
    self.role = role
    self.slave = slave
    self.location = location
    self.ports = ports
    let reservation = Reservation(
      .dynamic, role: role, principal: owner.principal,
      labels: [
        Label(key: Self.frameworkLabel, value: owner.id),
        Label(key: Self.instanceLabel, value: name),
      ])
    let numbers = ports.compactMap { $0 }.map { UInt64($0) }
    let ranges = ValueRanges(numbers.map { ValueRange($0, $0) })
    let own =
      numbers.isEmpty
      ? definition.resources
      : definition.resources + Resources([Resource("ports", .ranges(ranges))])
    let persistent = definition.container?.persistentVolumes ?? []
    let size = persistent.reduce(0) { $0 + $1.size }
    wanted = own + Resources(disk: Double(size))
    reserved = own.pushing(reservation)
    volumes = Resources(
      persistent.map { volume in
        Resource(
          "disk", .scalar(Scalar(thousandths: Int64(volume.size) * 1000)),
          reservations: [reservation],
          disk: DiskInfo(
            persistenceID: "\(name)#\(volume.containerPath)", containerPath: volume.containerPath)
        )
      })
  }

  /// All that is there once it is made.
  var all: Resources { reserved + volumes }

  /// What makes it.
  var making: [OfferOperation] {
    [.reserve(reserved + volumes.withoutPersistence), .create(volumes)]
  }

  /// The name of the instance that a resource is kept for, if it is by this framework.
  static func name(on entry: Resource, of framework: String) -> String? {
    guard let labels = entry.reservations.last?.labels, !labels.isEmpty,
      labels.contains(where: { $0.key == frameworkLabel && $0.value == framework })
    else { return nil }
    return labels.first { $0.key == instanceLabel }?.value
  }
}
