// Part of mesosim. Apache-2.0, see LICENSE.
//
// What Mesos 1.11 finds wrong with a framework that subscribes or changes, in its order and its
// words (Mesos: `master/validation.cpp`, namespaces `framework` and `roles`; `master/master.cpp`).

public import Mesos
import MesosAllocation

extension FullFault {
  /// What is wrong with a role's name.
  static func of(_ role: Role) -> String? {
    let name = role.value
    if name == "*" { return nil }
    if name.isEmpty { return "Role names cannot be the empty string" }
    if name.utf8.first == UInt8(ascii: "/") { return "Role '\(name)' cannot start with a slash" }
    if name.utf8.last == UInt8(ascii: "/") { return "Role '\(name)' cannot end with a slash" }
    for part in name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      let component = String(Substring(part))
      switch component {
      case "": return "Role '\(name)' cannot contain two adjacent slashes"
      case ".", "..", "*":
        return "Role '\(name)' cannot include '\(component)' as a component"
      default: break
      }
      if component.utf8.first == UInt8(ascii: "-") {
        return "Role component '\(component)' is invalid because it starts with a dash"
      }
      // As Mesos has it, a delete character counts as a backspace.
      if part.contains(where: { (0x09...0x0d).contains($0) || $0 == 0x20 || $0 == 0x7f || $0 == 8 })
      {
        return "Role component '\(component)' is invalid because it contains backspace or "
          + "whitespace"
      }
    }
    return nil
  }

  /// Names as Mesos prints a set of them.
  static func text(ofSet names: [String]) -> String {
    names.isEmpty ? "{}" : "{ " + names.joined(separator: ", ") + " }"
  }
}

/// What Mesos 1.11 says of what is wrong, for those before the master.
public enum MesosText {
  /// What is wrong with a role's name, or `nil`.
  public static func fault(of role: Role) -> String? { FullFault.of(role) }
}

extension MasterSettings {
  /// What is wrong with how a framework describes itself.
  func fullFault(of info: FrameworkInfo, hasRole: Bool) -> String? {
    let isMultiRole = info.capabilities.contains(.multiRole)
    if isMultiRole {
      if hasRole {
        return "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable"
      }
    } else if !info.roles.isEmpty {
      return "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable"
    }
    var twice: [String] = []
    for (place, role) in info.roles.enumerated()
    where info.roles[..<place].contains(role) && !twice.contains(role.value) {
      twice.append(role.value)
    }
    if !twice.isEmpty {
      return "'FrameworkInfo.roles' contains duplicate items: \(FullFault.text(ofSet: twice))"
    }
    if isMultiRole {
      if let fault = info.roles.lazy.compactMap({ FullFault.of($0) }).first {
        return "'FrameworkInfo.roles' contains invalid role: \(fault)"
      }
    } else if let fault = FullFault.of(info.role) {
      return "'FrameworkInfo.role' is not a valid role: \(fault)"
    }
    if let id = info.id, !id.value.isEmpty, let fault = FullFault.ofID(id.value) { return fault }
    for filter in info.offerFilters where filter.minAllocatable.contains(where: \.isEmpty) {
      return "Resource quantities must contain at least one quantity"
    }
    if !(info.failoverTimeoutSeconds.magnitude < 9_223_372_036.85) {
      return "The framework failover_timeout (\(info.failoverTimeoutSeconds.mesosText)) is invalid"
    }
    return nil
  }

  /// What this master does not take of a framework that is described well.
  func fullFaultHere(of info: FrameworkInfo) -> String? {
    if let roles {
      let unknown = info.effectiveRoles.filter { $0 != .unreserved && !roles.contains($0) }
      if !unknown.isEmpty {
        let names = FullFault.text(ofSet: unknown.map(\.value))
        return "Roles \(names) are not present in the master's --roles"
      }
    }
    if info.user == "root", !allowsRootSubmissions {
      return "User 'root' is not allowed to run frameworks without --root_submissions set"
    }
    return nil
  }

  /// What a framework may not do here.
  func fullFaultOfRights(of info: FrameworkInfo) -> String? {
    guard let acls else { return nil }
    let roles = info.effectiveRoles
    let isAllowed = roles.allSatisfy {
      acls.allows(.registerFrameworks, by: info.principal, on: $0.value)
    }
    if isAllowed { return nil }
    let names = roles.map(\.value).sorted().joined(separator: ", ")
    return "Not authorized to register framework \(info.id?.value ?? "") with roles { \(names) }"
  }
}

extension Master {
  /// Why a subscription is refused, or `nil`.
  func fullFault(of subscription: Subscription, of framework: FrameworkIndex) -> String? {
    let info = subscription.info
    if let isFirst = subscription.isFirst, isFirst != (info.id?.value ?? "").isEmpty {
      return isFirst ? "Registering with 'id' already set" : "Re-registering without an 'id'"
    }
    if let fault = settings.fullFault(of: info, hasRole: subscription.namesRole) { return fault }
    if let fault = settings.fullFaultHere(of: info) { return fault }
    if let id = info.id, completedFrameworks.contains(id) { return "Framework has been removed" }
    if let fault = faultOfSuppressed(subscription.suppressed, info) { return fault }
    if let fault = subscription.constraints.flatMap({ self.fault(of: $0) }) { return fault }
    if let fault = settings.fullFaultOfRights(of: info) { return fault }
    let record = frameworks.has(framework) ? frameworks[framework] : FrameworkRecord()
    if record.state.isKnown, record.id == info.id, record.state != .recovered,
      record.info.principal != info.principal
    {
      return "Changing framework's principal is not allowed."
    }
    return nil
  }

  private func faultOfSuppressed(_ suppressed: [Role], _ info: FrameworkInfo) -> String? {
    let own = info.effectiveRoles
    return suppressed.first { !own.contains($0) }.map {
      "Suppressed role '\($0)' is not contained in the list of roles"
    }
  }

  private func fault(of constraints: OfferConstraints) -> String? {
    for entry in constraints.entries {
      if entry.groups.isEmpty {
        return "'OfferConstraints::role_constraints' has an empty 'RoleConstraints::groups' for "
          + "role \(entry.role)"
      }
      if entry.groups.contains(where: \.isEmpty) {
        return
          "'OfferConstraints::RoleConstraints::groups' for role \(entry.role)contains an empty "
          + "RoleConstraints::Group"
      }
      for condition in entry.groups.joined() {
        let what = "A role \(entry.role) has an invalid 'AttributeConstraint': "
        if condition.selector == .unknown { return what + "Unknown pseudoattribute type" }
        if condition.selector == .none {
          return what
            + "Exactly one of 'AttributeConstraint::Selector::name' or "
            + "'AttributeConstraint::Selector::pseudoattribute_type' must be set"
        }
        switch condition.predicate {
        case .none: return what + "Unknown predicate type"
        case .textMatches(let pattern), .textNotMatches(let pattern):
          if let fault = Pattern.fault(of: pattern) {
            return what + "Failed to construct regex from pattern '\(pattern)': \(fault)"
          }
        default: break
        }
      }
    }
    return nil
  }

  /// Why a change of a framework without a new subscription is refused, or `nil` (v1 call
  /// UPDATE_FRAMEWORK).
  public func fault(
    ofUpdate info: FrameworkInfo, namesRole: Bool, suppressed: [Role],
    _ constraints: OfferConstraints?, _ framework: FrameworkIndex
  ) -> String? {
    let old = frameworks[framework].info
    if let fault = settings.fullFault(of: info, hasRole: namesRole) {
      return "Supplied FrameworkInfo is not valid: \(fault)"
    }
    if let fault = settings.fullFaultHere(of: info) {
      return "Supplied FrameworkInfo is not valid: \(fault)"
    }
    if let fault = faultOfSuppressed(suppressed, info) {
      return "Supplied FrameworkInfo is not valid: \(fault)"
    }
    if old.principal != info.principal {
      return "FrameworkInfo update is not valid: Changing framework's principal is not allowed."
    }
    if old.user != info.user {
      return "FrameworkInfo update is not valid: Updating 'FrameworkInfo.user' is unsupported; "
        + "attempted to update from '\(old.user)' to '\(info.user)'"
    }
    if old.hasCheckpointing != info.hasCheckpointing {
      return "FrameworkInfo update is not valid: Updating 'FrameworkInfo.checkpoint' is "
        + "unsupported; attempted to update from '\(old.hasCheckpointing)' to "
        + "'\(info.hasCheckpointing)'"
    }
    if let fault = constraints.flatMap({ self.fault(of: $0) }) {
      return "'UpdateFramework.offer_constraints' are not valid: \(fault)"
    }
    return settings.fullFaultOfRights(of: info)
  }
}

/// What is wrong with a regular expression, as far as it is looked at.
enum Pattern {
  static func fault(of pattern: String) -> String? {
    var depth = 0
    var isEscaped = false
    var isInClass = false
    for character in pattern {
      if isEscaped {
        isEscaped = false
        continue
      }
      switch character {
      case "\\": isEscaped = true
      case "[": isInClass = true
      case "]": isInClass = false
      case "(" where !isInClass: depth += 1
      case ")" where !isInClass:
        depth -= 1
        if depth < 0 { return "unexpected ): \(pattern)" }
      default: break
      }
    }
    if isEscaped { return "trailing \\ at end of regexp: \(pattern)" }
    if isInClass { return "missing ]: \(pattern)" }
    return depth == 0 ? nil : "missing ): \(pattern)"
  }
}

extension Double {
  /// The number in six significant digits, as C++ prints it.
  var mesosText: String {
    if self == rounded(), magnitude < 1e6 { return String(Int64(self)) }
    guard isFinite else { return self > 0 ? "inf" : self < 0 ? "-inf" : "nan" }
    var exponent = 0
    var mantissa = magnitude
    while mantissa >= 10 {
      mantissa /= 10
      exponent += 1
    }
    while mantissa < 1, mantissa > 0 {
      mantissa *= 10
      exponent -= 1
    }
    var digits = String((mantissa * 100_000).rounded() / 100_000)
    if digits.hasSuffix(".0") { digits.removeLast(2) }
    let sign = self < 0 ? "-" : ""
    if exponent >= -5, exponent < 6 { return sign + description }
    let power = String(exponent.magnitude)
    let padding = power.utf8.count < 2 ? "0" : ""
    return "\(sign)\(digits)e\(exponent < 0 ? "-" : "+")\(padding)\(power)"
  }
}
