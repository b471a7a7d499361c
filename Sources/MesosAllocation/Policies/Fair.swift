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
    [.resource, .slot],
    fairness: [.paretoEfficiency]
  ) { request throws(AllocatorParameterError) in .fair(try request.fairResource()) }
}

extension AllocatorDescriptor.Parameter {
  static let resource = AllocatorDescriptor.Parameter(
    name: "resource", type: "name of a resource, or slots", defaultValue: "cpus",
    meaning: "what is shared fairly; nothing else counts")

  static let slot = AllocatorDescriptor.Parameter(
    name: "slot", type: "amounts such as cpus:1;mem:2048", defaultValue: "cpus:1;mem:1024",
    meaning: "the size of a slot, with 'resource: slots'")
}

extension AllocatorRequest {
  /// What the parameters `resource` and `slot` say.
  func fairResource() throws(AllocatorParameterError) -> FairResource {
    let name = try text("resource") ?? "cpus"
    guard name == "slots" else {
      if parameters["slot"] != nil {
        throw AllocatorParameterError(
          path: "slot", reason: "only means something with 'resource: slots'")
      }
      if name.isEmpty {
        throw AllocatorParameterError(
          path: "resource", reason: "expected the name of a resource such as cpus, or slots")
      }
      return .named(name == "cpu" ? "cpus" : name)
    }
    let text = try text("slot") ?? "cpus:1;mem:1024"
    do throws(ResourceSyntaxError) {
      let slot = try Quantities(parsing: text)
      if !slot.isEmpty { return .slots(slot) }
    } catch {
      throw AllocatorParameterError(path: "slot", reason: "\(error)")
    }
    throw AllocatorParameterError(
      path: "slot", reason: "a slot of nothing; expected amounts such as cpus:1;mem:1024")
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
