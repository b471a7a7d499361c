// Part of mesosim. Apache-2.0, see LICENSE.
//
// A list of resources as a message states it. A message, unlike a command line, may name what comes
// about only at run time, and what is wrong with it is told to its sender in the words of Mesos
// (mesos/src/common/resources.cpp, `Resources::validate`).

/// A list of resources as a message states it.
package struct StatedResources {
  /// Whatever is valid of it, summed up.
  package private(set) var resources = Resources()
  /// The names of scalars that are stated to be 0.
  package private(set) var emptyNames: [String] = []
  /// What is wrong with the first that is invalid, in the words of Mesos.
  package private(set) var fault: String?
  /// What of a valid one no volume may have.
  package private(set) var volumeFault: String?
  /// How many are stated.
  package private(set) var count = 0

  /// Nothing.
  package init() {}

  /// Reads a JSON array of resources in any of the forms that Mesos has had.
  /// - Throws: `ResourceSyntaxError` when an entry lacks the shape of a resource.
  package init(reading json: JSONValue) throws(ResourceSyntaxError) {
    let source = SourceText("")
    let reader = JSONResourceReader(source: source, defaultRole: .unreserved)
    for draft in try reader.read(list: json) { add(draft, in: source) }
  }

  private mutating func add(_ draft: ResourceDraft, in source: SourceText) {
    count += 1
    let resource: Resource
    do throws(ResourceSyntaxError) { resource = try draft.validated(in: source) } catch {
      let reason = draft.reason(for: error)
      if fault == nil { fault = "Resource '\(draft.text)' is invalid: \(reason)" }
      return
    }
    if draft.disk?.persistenceID != nil, volumeFault == nil {
      if draft.hasHostPath {
        volumeFault = "Expecting 'host_path' to be unset for persistent volume"
      } else if draft.disk?.containerPath == nil {
        volumeFault = "Expecting 'volume' to be set for persistent volume"
      } else if draft.isReadOnly {
        volumeFault = "Read-only persistent volume not supported"
      }
    }
    if resource.isEmpty {
      if case .scalar = resource.value { emptyNames.append(resource.name) }
    } else {
      resources.add(resource)
    }
  }
}

extension ResourceDraft {
  /// What is wrong, in the words of Mesos.
  fileprivate func reason(for error: ResourceSyntaxError) -> String {
    let kind = type.rawValue.lowercased()
    return switch error.errorClass {
    case .nameEmpty: "Empty resource name"
    case .union: "Invalid \(kind) resource"
    case .tiny: "Invalid scalar resource: value <= 0"
    case .rangeInverted: "Invalid ranges resource: begin > end"
    case .rangeOverlap: "Invalid ranges resource: overlapping ranges"
    case .duplicateElement: "Invalid set resource: duplicated elements"
    case .badType: "Unsupported resource type"
    case .disk: "DiskInfo should not be set for \(name) resource"
    case .shared: "Only persistent volumes can be shared"
    case .role: "Invalid reservation: \(error.message)"
    default: error.message
    }
  }

  /// The resource as Mesos prints it, whatever is wrong with it.
  fileprivate var text: String {
    let value: String
    switch type {
    case .scalar:
      // What is negative is no amount; its sign is put back.
      let amount = Scalar((scalar ?? 0).magnitude)?.description ?? "0"
      value = ((scalar ?? 0) < 0 && amount != "0" ? "-" : "") + amount
    case .ranges:
      let parts = (ranges ?? []).map { "\($0.begin)-\($0.end)" }
      value = "[" + parts.joined(separator: ", ") + "]"
    case .set: value = "{" + (items ?? []).joined(separator: ", ") + "}"
    case .text: value = ""
    }
    return name + ":" + value
  }
}
