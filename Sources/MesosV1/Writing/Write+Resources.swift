// Part of mesosim. Apache-2.0, see LICENSE.
//
// Resources as clients of each age read them (mesos/src/common/resources_utils.cpp).

package import Mesos

/// How reservations are written.
package enum ReservationForm: Sendable {
  /// As a stack, `reservations`.
  case refined
  /// As `role` and `reservation`, for clients that know nothing of reservations within
  /// reservations.
  case plain
  /// In both ways, as operators see them.
  case both
}

/// A list of resources, and how it was written.
struct WrittenResources {
  let resources: Resources
  let role: Role?
  let form: ReservationForm
  let bytes: [UInt8]
}

extension JSONWriter {
  /// Writes what is offered of a slave: slaves that stand side by side often have the same.
  mutating func offeredResources(
    _ resources: Resources, allocatedTo role: Role?, form: ReservationForm
  ) {
    if let last = lastResources, last.form == form, last.role == role,
      last.resources == resources
    {
      return again(last.bytes)
    }
    let start = byteCount
    self.resources(resources, allocatedTo: role, form: form)
    // After a key, so that no comma stands before it.
    lastResources = WrittenResources(
      resources: resources, role: role, form: form, bytes: written(from: start))
  }

  /// Writes a list of resources.
  package mutating func resources(
    _ resources: Resources, allocatedTo role: Role? = nil, form: ReservationForm = .refined
  ) {
    array { writer in
      for entry in resources.entries {
        for _ in 0..<max(1, entry.copies) {
          writer.resource(entry, allocatedTo: role, form: form)
        }
      }
    }
  }

  /// Writes one resource.
  package mutating func resource(
    _ resource: Resource, allocatedTo role: Role?, form: ReservationForm
  ) {
    object { writer in
      writer.key("name")
      writer.string(resource.name)
      writer.value(resource.value)
      writer.reservations(resource.reservations, form)
      if let role = resource.allocationRole ?? role {
        writer.key("allocation_info")
        writer.object {
          $0.key("role")
          $0.string(role.value)
        }
      }
      if let disk = resource.disk { writer.disk(disk) }
      if resource.isRevocable { writer.emptyObject("revocable") }
      if resource.isShared { writer.emptyObject("shared") }
      if let provider = resource.providerID {
        writer.key("provider_id")
        writer.wrapped(provider)
      }
    }
  }

  mutating func emptyObject(_ key: StaticString) {
    self.key(key)
    object { _ in }
  }

  /// Writes the members `type` and the one that it names.
  mutating func value(_ value: Resource.Value) {
    key("type")
    switch value {
    case .scalar(let amount):
      string("SCALAR")
      key("scalar")
      object {
        $0.key("value")
        $0.number(amount)
      }
    case .ranges(let ranges):
      string("RANGES")
      self.ranges(ranges)
    case .set(let set):
      string("SET")
      key("set")
      object { writer in
        writer.key("item")
        writer.array { for item in set.items { $0.string(item) } }
      }
    }
  }

  mutating func ranges(_ ranges: ValueRanges) {
    key("ranges")
    object { writer in
      writer.key("range")
      writer.array { list in
        for range in ranges.ranges {
          list.object {
            $0.key("begin")
            $0.number(range.begin)
            $0.key("end")
            $0.number(range.end)
          }
        }
      }
    }
  }

  private mutating func reservations(_ levels: [Reservation], _ form: ReservationForm) {
    switch form {
    case .refined:
      if levels.isEmpty { return }
      key("reservations")
      array { list in
        for level in levels { list.object { $0.reservation(level, isStacked: true) } }
      }
    case .both:
      reservations(levels, .refined)
      if levels.count < 2 { reservations(levels, .plain) }
    case .plain:
      key("role")
      string(levels.last?.role.value ?? Role.unreserved.value)
      guard let last = levels.last, last.kind == .dynamic else { return }
      key("reservation")
      object { $0.reservation(last, isStacked: false) }
    }
  }

  private mutating func reservation(_ level: Reservation, isStacked: Bool) {
    if isStacked {
      key("type")
      string(level.kind.rawValue)
      key("role")
      string(level.role.value)
    }
    if let principal = level.principal {
      key("principal")
      string(principal)
    }
    labels(Labels(level.labels))
  }

  private mutating func disk(_ disk: DiskInfo) {
    key("disk")
    object { writer in
      if let id = disk.persistenceID {
        writer.key("persistence")
        writer.object {
          $0.key("id")
          $0.string(id)
          if let principal = disk.principal {
            $0.key("principal")
            $0.string(principal)
          }
        }
      }
      if let path = disk.containerPath {
        writer.key("volume")
        writer.object {
          $0.key("container_path")
          $0.string(path)
          $0.key("mode")
          $0.string("RW")
        }
      }
      if let source = disk.source { writer.source(source) }
    }
  }

  private mutating func source(_ source: DiskInfo.Source) {
    key("source")
    object { writer in
      writer.key("type")
      writer.string(source.kind.rawValue)
      if let root = source.root {
        if source.kind == .mount { writer.key("mount") } else { writer.key("path") }
        writer.object {
          $0.key("root")
          $0.string(root)
        }
      }
      if let id = source.id {
        writer.key("id")
        writer.string(id)
      }
    }
  }

  /// Writes the member `labels`, if there are any.
  package mutating func labels(_ labels: Labels) {
    if labels.isEmpty { return }
    key("labels")
    object { writer in
      writer.key("labels")
      writer.array { list in
        for label in labels.list {
          list.object {
            $0.key("key")
            $0.string(label.key)
            if let value = label.value {
              $0.key("value")
              $0.string(value)
            }
          }
        }
      }
    }
  }
}
