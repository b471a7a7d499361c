// Part of mesosim. Apache-2.0, see LICENSE.
//
// Max-min fairness of one resource, as Hadoop's fair scheduler has it for slots: who has the least
// gets the next (Ghodsi et al., NSDI 2011, sections 2 and 6.1.2, where DRF is compared with it).

public import Mesos

extension Policy {
  /// Whole slaves to who holds the least of one resource by weight, roles first.
  public static func fair(_ resource: FairResource = .named("cpus")) -> Policy {
    Policy(measure: SingleShare(resource: resource))
  }
}

/// The one thing that is shared fairly.
public enum FairResource: Sendable, Hashable {
  /// The resource of a name.
  case named(String)
  /// Slots of a size: what is held counts as the slots that would hold it.
  case slots(Quantities)
}

extension AllocatorDescriptor {
  /// `fair`: max-min fairness of one resource.
  public static let fair = AllocatorDescriptor(
    "fair", "max-min fairness of one resource: whole slaves to who holds the least of it by weight",
    [FairResource.resource, FairResource.slot],
    fairness: [.paretoEfficiency], names: FairResource.names
  ) { request throws(ParameterError) in .fair(try FairResource(request)) }
}

extension FairResource {
  static let resource = Parameter.text(
    "resource", default: "cpus",
    "the resource that is shared fairly, nothing else counts; or 'slots'")

  static let slot = Parameter(
    "slot", .text, default: Resources(cpus: 1, mem: 1024).scalarQuantities, or: "cpus:1;mem:1024",
    "the size of a slot, with 'resource: slots'",
    take: { (data) throws(ParameterError) in try slot(data.asText) },
    give: { slot in slot.isEmpty ? nil : .text(slot.description) })

  private static func slot(_ text: String) throws(ParameterError) -> Quantities {
    do throws(ResourceSyntaxError) {
      let slot = try Quantities(parsing: text)
      if !slot.isEmpty { return slot }
    } catch {
      throw ParameterError(path: "", reason: error.description)
    }
    throw ParameterError(
      path: "", reason: "a slot of nothing; expected amounts such as cpus:1;mem:1024")
  }

  /// The resource that is named, if one is.
  @Sendable static func names(_ request: AllocatorRequest) -> [ScenarioName] {
    guard case .named(let name)? = try? FairResource(request) else { return [] }
    return [ScenarioName(name, .resource, at: "resource")]
  }

  /// What the parameters `resource` and `slot` say.
  init(_ request: AllocatorRequest) throws(ParameterError) {
    let name = request[Self.resource]
    if name == "slots" {
      self = .slots(request[Self.slot])
      return
    }
    if request.parameters.contains(Self.slot) {
      throw ParameterError(
        path: "slot", reason: "only means something with 'resource: slots'")
    }
    if name.isEmpty {
      throw ParameterError(
        path: "resource", reason: "expected the name of a resource such as cpus, or slots")
    }
    self = .named(name == "cpu" ? "cpus" : name)
  }
}

/// Shares of one resource, or numbers of slots.
struct SingleShare: ShareMeasure {
  let resource: FairResource

  func scale(_ parts: ShareScale, _ names: inout ExtraNames) -> ShareScale {
    var scale = ShareScale()
    switch resource {
    case .named(let name):
      if let index = ExtraNames.standard.firstIndex(of: name) {
        scale.standard[index] = parts.standard[index]
      } else {
        let number = names.number(of: name)
        let divisors = parts.extra ?? []
        scale.extra = (0...number).map { place in
          place == number && place < divisors.count ? divisors[place] : .infinity
        }
      }
    case .slots(let slot): scale = ShareScale(partsOf: names.amounts(of: slot))
    }
    return scale
  }
}
