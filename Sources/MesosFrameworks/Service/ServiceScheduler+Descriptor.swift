// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a scenario names and sets a service.

package import Mesos

extension FrameworkDescriptor {
  /// `service`: copies of a command that are kept running.
  public static let service = FrameworkDescriptor(
    "service", "copies of a command that are kept running until the end",
    parameters: [
      ServiceOptions.instances, ServiceOptions.resources, ServiceOptions.ports,
      ServiceOptions.command, ServiceOptions.constraints, ServiceOptions.semantics,
      ServiceOptions.pause, ServiceOptions.reconcile,
    ],
    makeScheduler: { request, environment in
      ServiceScheduler(options: ServiceOptions(request.parameters), environment: environment)
    }
  ).with { descriptor in
    descriptor.isEndless = { _ in true }
    // What says itself how long it runs is started again and again.
    descriptor.commands = { request in
      let command = request[ServiceOptions.command]
      return command.hasPrefix("sleep ") ? [] : [FrameworkCommand(command, length: .endless)]
    }
    descriptor.check = { request throws(ParameterError) in
      let options = ServiceOptions(request.parameters)
      if options.ports > 0, !options.resources.ports.isEmpty {
        throw ParameterError(
          path: "ports",
          reason: "the resources name ports already; expected either certain ports or a number")
      }
      if let fault = options.placement.fault {
        throw ParameterError(path: "constraints", reason: fault.message)
      }
    }
  }
}

extension ServiceOptions {
  package static let instances = Parameter.integer(
    "instances", 1...100_000, default: 1, "how many copies are to run at any time")

  package static let resources = Parameter.resources(
    "resources", default: Resources(cpus: 0.1, mem: 32), "what each copy needs")

  package static let ports = Parameter.integer(
    "ports", 0...1000, default: 0, "how many ports each copy gets, any that are free")

  package static let command = Parameter.text(
    "command", default: "./service", "what each copy runs; endless unless it says otherwise")

  package static let constraints = Parameter<[PlacementConstraint]>(
    "constraints", .list(.text, example: #"["hostname:UNIQUE", "rack:GROUP_BY:3"]"#), default: [],
    "where copies may go, as Marathon's apps say it",
    take: { data throws(ParameterError) in
      var constraints: [PlacementConstraint] = []
      for item in data.asList {
        do throws(ConstraintSyntaxError) {
          constraints.append(try PlacementConstraint(parsing: item.asText))
        } catch {
          throw ParameterError(path: "", reason: "'\(item.asText)', \(error)")
        }
      }
      return constraints
    },
    give: { $0.isEmpty ? nil : .list($0.map { .text($0.description) }) })

  /// Not written where it is the default: as a plain word that would read as a number.
  package static let semantics = Parameter<PlacementRules.Semantics>(
    "semantics", .word(PlacementRules.Semantics.allCases.map(\.rawValue)), default: .classic,
    or: "0.8", "what the constraints' operators mean: as in Marathon 0.8, or in its last state",
    take: { PlacementRules.Semantics(rawValue: $0.asText) ?? .classic },
    give: { $0 == .classic ? nil : .text($0.rawValue) })

  package static let pause = Parameter.duration(
    "pause", default: .seconds(1), "how long after its end a copy is launched again")

  package static let reconcile = Parameter.duration(
    "reconcile", "how often it asks what became of its copies, where messages can get lost")
}
