// Part of mesosim. Apache-2.0, see LICENSE.
//
// What schedulers are told (v1 scheduler.proto, `Event`).

package import Mesos

/// What decides how a framework is written to.
package struct V1Reader: Sendable {
  /// How reservations are written.
  package var form: ReservationForm
  /// Whether offers say for which role they are.
  package var knowsRoles: Bool
  /// Whether words say AGENT, as in the v1 API, or SLAVE.
  package var saysAgent: Bool

  /// Describes a reader by what a framework can deal with.
  package init(_ capabilities: FrameworkInfo.Capabilities, saysAgent: Bool = true) {
    form = capabilities.contains(.reservationRefinement) ? .refined : .plain
    knowsRoles = capabilities.contains(.multiRole)
    self.saysAgent = saysAgent
  }
}

extension JSONWriter {
  /// Writes an event whose member the body writes.
  package mutating func event(
    _ type: StaticString, _ key: StaticString, _ body: (inout JSONWriter) -> Void
  ) {
    object { writer in
      writer.key("type")
      writer.word(type)
      writer.key(key)
      writer.object(body)
    }
  }

  /// Writes that a framework is subscribed.
  package mutating func subscribed(
    _ id: FrameworkID, heartbeatSeconds: Double, master: MasterInfo? = nil
  ) {
    event("SUBSCRIBED", "subscribed") {
      $0.member("framework_id", id: id.value)
      $0.key("heartbeat_interval_seconds")
      $0.number(heartbeatSeconds)
      if let master {
        $0.key("master_info")
        $0.master(master)
      }
    }
  }

  /// Writes how a master introduces itself.
  package mutating func master(_ info: MasterInfo) {
    object { writer in
      writer.member("id", info.id)
      writer.key("ip")
      writer.number(info.ip.networkOrder)
      writer.key("port")
      writer.number(info.port)
      writer.member("pid", info.pid)
      writer.member("hostname", info.hostname)
      writer.member("version", info.version)
      writer.address(hostname: info.hostname, ip: info.ip, port: info.port)
      if let domain = info.domain {
        writer.key("domain")
        writer.domain(domain)
      }
      if info.capabilities.isEmpty { return }
      writer.key("capabilities")
      writer.array { list in
        // The v1 API has no word for the others.
        let known = ["AGENT_UPDATE", "AGENT_DRAINING"]
        for name in info.capabilities {
          list.object { if known.contains(name) { $0.member("type", name) } }
        }
      }
    }
  }

  private mutating func address(hostname: String, ip: IPv4Address, port: Int) {
    key("address")
    object {
      $0.member("hostname", hostname)
      $0.member("ip", "\(ip)")
      $0.key("port")
      $0.number(port)
    }
  }

  /// Writes offers, with the addresses of the slaves that `slaves` knows.
  package mutating func offers(
    _ offers: Offers, for reader: V1Reader, slaves: (SlaveID) -> SlaveInfo? = { _ in nil }
  ) {
    event("OFFERS", "offers") { writer in
      writer.key("offers")
      writer.array { list in
        for offer in offers { list.offer(offer, for: reader, on: slaves(offer.slaveID)) }
      }
    }
  }

  /// Writes an offer, with the address of its slave where that is known.
  package mutating func offer(
    _ offer: Offer, for reader: V1Reader, on slave: SlaveInfo? = nil
  ) {
    let isKnown = reader.knowsRoles
    object { writer in
      writer.key("id")
      writer.object {
        $0.key("value")
        $0.offerID(offer.id)
      }
      writer.member("framework_id", id: offer.frameworkID.value)
      writer.member("agent_id", id: offer.slaveID.value)
      writer.member("hostname", offer.hostname)
      if let slave {
        writer.key("url")
        writer.object {
          $0.member("scheme", "http")
          $0.address(hostname: offer.hostname, ip: .loopback, port: slave.port)
          $0.member("path", "/slave(1)")
        }
      }
      writer.key("resources")
      writer.offeredResources(
        offer.resources, allocatedTo: isKnown ? offer.role : nil, form: reader.form)
      if !offer.attributes.list.isEmpty {
        writer.key("attributes")
        writer.attributes(offer.attributes)
      }
      if !offer.executorIDs.isEmpty {
        writer.key("executor_ids")
        writer.array { list in
          for executor in offer.executorIDs { list.wrapped(executor.value) }
        }
      }
      if isKnown {
        writer.key("allocation_info")
        writer.object { $0.member("role", offer.role.value) }
      }
      if let domain = offer.domain {
        writer.key("domain")
        writer.domain(domain)
      }
      if let unavailability = offer.unavailability {
        writer.key("unavailability")
        writer.unavailability(unavailability)
      }
    }
  }

  /// Writes when something will be down.
  package mutating func unavailability(_ window: Unavailability) {
    object { writer in
      writer.key("start")
      writer.object {
        $0.key("nanoseconds")
        $0.nanoseconds(window.start)
      }
      writer.member("duration", duration: window.duration)
    }
  }

  /// Writes where something is.
  package mutating func domain(_ domain: DomainInfo) {
    object { writer in
      writer.key("fault_domain")
      writer.object { parts in
        parts.key("region")
        parts.object { $0.member("name", domain.region) }
        parts.key("zone")
        parts.object { $0.member("name", domain.zone) }
      }
    }
  }

  /// Writes attributes.
  package mutating func attributes(_ attributes: Attributes) {
    array { list in
      for attribute in attributes.list {
        list.object { writer in
          writer.member("name", attribute.name)
          switch attribute.value {
          case .scalar(let number):
            writer.member("type", "SCALAR")
            writer.key("scalar")
            writer.object {
              $0.key("value")
              $0.number(number)
            }
          case .ranges(let ranges):
            writer.member("type", "RANGES")
            writer.ranges(ranges)
          case .set(let set): writer.value(.set(set))
          case .text(let text):
            writer.member("type", "TEXT")
            writer.key("text")
            writer.wrapped(text)
          }
        }
      }
    }
  }

  /// Writes that the state of a task has changed.
  package mutating func update(_ status: TaskStatus, for reader: V1Reader) {
    event("UPDATE", "update") {
      $0.key("status")
      $0.status(status, for: reader)
    }
  }

  /// Writes the status of a task.
  package mutating func status(_ status: TaskStatus, for reader: V1Reader) {
    object { writer in
      writer.member("task_id", id: status.taskID.value)
      writer.member("state", status.state.description)
      if !status.message.isEmpty { writer.member("message", status.message) }
      if status.hasSource {
        writer.member("source", writer.named(status.source.wireName, reader))
      }
      if let reason = status.reason {
        writer.member("reason", writer.named(reason.wireName, reader))
      }
      if let slave = status.slaveID { writer.member("agent_id", id: slave.value) }
      if let executor = status.executorID { writer.member("executor_id", id: executor.value) }
      writer.key("timestamp")
      writer.seconds(status.timestamp)
      if let uuid = status.uuid { writer.member("uuid", bytes: uuid.bytes) }
      writer.member("data", bytes: status.data)
      if let isHealthy = status.isHealthy {
        writer.key("healthy")
        writer.bool(isHealthy)
      }
      writer.labels(status.labels)
      if let container = status.containerStatus { writer.containerStatus(container) }
      if let time = status.unreachableTime {
        writer.key("unreachable_time")
        writer.object {
          $0.key("nanoseconds")
          $0.nanoseconds(time)
        }
      }
    }
  }

  /// A word of the v0 API as a reader knows it.
  private func named(_ word: String, _ reader: V1Reader) -> String {
    guard reader.saysAgent, let place = word.firstRange(of: "SLAVE") else { return word }
    return word.replacingCharacters(in: place, with: "AGENT")
  }

  /// Writes what is known of a container.
  package mutating func containerStatus(_ status: ContainerStatus) {
    key("container_status")
    object { writer in
      writer.member("container_id", id: status.containerID?.value)
      if !status.networks.isEmpty {
        writer.key("network_infos")
        writer.array { list in for network in status.networks { list.network(network) } }
      }
      writer.member("executor_pid", status.executorPID)
    }
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
    String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
  }

  fileprivate func firstRange(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) {
        return start..<index(start, offsetBy: text.count)
      }
      start = index(after: start)
    }
    return nil
  }
}
