// Part of mesosim. Apache-2.0, see LICENSE.

package import Mesos

extension JSONWriter {
  /// Writes a framework as it introduced itself.
  package mutating func framework(_ info: FrameworkInfo) {
    object { writer in
      writer.member("user", info.user)
      writer.member("name", info.name)
      writer.member("id", id: info.id?.value)
      writer.member("failover_timeout", info.failoverTimeoutSeconds, unless: 0)
      writer.member("checkpoint", info.hasCheckpointing, unless: false)
      if info.role != .unreserved { writer.member("role", info.role.value) }
      writer.member("roles", texts: info.roles.map(\.value))
      if !info.hostname.isEmpty { writer.member("hostname", info.hostname) }
      writer.member("principal", info.principal)
      writer.member("webui_url", info.webUIURL)
      writer.capabilities(info.capabilities)
      writer.labels(info.labels)
    }
  }

  private mutating func capabilities(_ capabilities: FrameworkInfo.Capabilities) {
    if capabilities.isEmpty { return }
    key("capabilities")
    array { list in
      for name in capabilities.names { list.object { $0.member("type", name) } }
    }
  }
}
