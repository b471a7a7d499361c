// Part of mesosim. Apache-2.0, see LICENSE.
//
// FrameworkInfo and what is in it.

package import Mesos

/// A framework as it introduced itself, with what only its JSON shows.
package struct StatedFramework {
  /// The framework.
  package var info: FrameworkInfo
  /// Whether `role` was named.
  package var hasRole = false
}

extension Node {
  func frameworkInfo() throws(V1Error) -> StatedFramework {
    var info = FrameworkInfo(
      user: try required("user"), name: try required("name"),
      id: try id("id").map { FrameworkID($0) })
    info.failoverTimeoutSeconds = try number("failover_timeout") ?? 0
    info.hasCheckpointing = try bool("checkpoint") ?? false
    let role = try string("role")
    if let role { info.role = Role(role) }
    info.hostname = try string("hostname") ?? ""
    info.principal = try string("principal")
    info.webUIURL = try string("webui_url")
    var names: [String] = []
    for capability in try objects("capabilities") {
      if let name = try capability.string("type") { names.append(name) }
    }
    info.capabilities = FrameworkInfo.Capabilities(names: names)
    info.labels = try labels("labels")
    info.roles = try strings("roles").map { Role($0) }
    for filter in try object("offer_filters")?.value.members ?? [] {
      let node = Node(
        filter.value, path: "\(path).offer_filters.\(filter.key)", missing: missing)
      info.offerFilters.append(try node.offerFilters(for: Role(filter.key)))
    }
    return StatedFramework(info: info, hasRole: role != nil)
  }

  private func offerFilters(for role: Role) throws(V1Error) -> OfferFilters {
    var sets: [Quantities] = []
    for entry in try object("min_allocatable_resources")?.objects("quantities") ?? [] {
      sets.append(try entry.quantities("quantities"))
    }
    return OfferFilters(role, minAllocatable: sets)
  }

  /// Amounts by name.
  func quantities(_ key: String) throws(V1Error) -> Quantities {
    var sums = Quantities()
    for member in try object(key)?.value.members ?? [] {
      let node = Node(member.value, path: "\(path).\(key).\(member.key)", missing: missing)
      let amount = try node.number("value") ?? 0
      sums.add(Scalar(amount) ?? Scalar(thousandths: amount > 0 ? .max : 0), of: member.key)
    }
    return sums
  }

  func labels(_ key: String) throws(V1Error) -> Labels {
    guard let node = try object(key) else { return Labels() }
    var list: [Label] = []
    for label in try node.objects("labels") {
      list.append(Label(key: try label.required("key"), value: try label.string("value")))
    }
    return Labels(list)
  }
}
