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
  package mutating func subscribed(_ id: FrameworkID, heartbeatSeconds: Double) {
    event("SUBSCRIBED", "subscribed") {
      $0.member("framework_id", id: id.value)
      $0.key("heartbeat_interval_seconds")
      $0.number(heartbeatSeconds)
    }
  }

  /// Writes offers.
  package mutating func offers(_ offers: Offers, for reader: V1Reader) {
    event("OFFERS", "offers") { writer in
      writer.key("offers")
      writer.array { list in
        for offer in offers { list.offer(offer, for: reader) }
      }
    }
  }

  /// Writes an offer.
  package mutating func offer(_ offer: Offer, for reader: V1Reader) {
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
        $0.number(window.start.nanoseconds)
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
      writer.number(status.timestamp.seconds)
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
          $0.number(time.nanoseconds)
        }
      }
    }
  }

  /// A word of the v0 API as a reader knows it.
  private func named(_ word: String, _ reader: V1Reader) -> String {
    guard reader.saysAgent, let place = word.firstRange(of: "SLAVE") else { return word }
    return word.replacingCharacters(in: place, with: "AGENT")
  }

  private mutating func containerStatus(_ status: ContainerStatus) {
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
