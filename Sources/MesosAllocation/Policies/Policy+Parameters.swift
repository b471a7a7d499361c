// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a scenario names and sets a policy, and the parameters that several have. What only one has
// stands in its file.

import Mesos

extension AllocatorDescriptor {
  /// Describes an allocator that differs from Mesos's in its policy alone.
  ///
  /// - Parameters:
  ///   - name: The name in a scenario.
  ///   - summary: What it does, in one line.
  ///   - excludes: Whether some names can be left out of shares.
  ///   - own: The policy's own parameters.
  ///   - fairness: The laws of fairness that it promises; it keeps all of bookkeeping.
  ///   - names: The names in its own parameters that stand for something in the scenario.
  ///   - policy: Reads them.
  init(
    _ name: String, _ summary: String, excludes: Bool = false, _ own: [any DeclaredParameter] = [],
    fairness: [AllocatorLaw],
    names: @escaping @Sendable (AllocatorRequest) -> [ScenarioName] = { _ in [] },
    policy: @escaping @Sendable (AllocatorRequest) throws(ParameterError) -> Policy
  ) {
    self.init(
      name: name, summary: summary,
      parameters: own + (excludes ? [fairnessExclude] : []) + [offerUnit, filterGPUs],
      promises: AllocatorLaw.bookkeeping + fairness, names: names,
      make: { request throws(ParameterError) in
        var options = request.options
        if excludes, request.parameters.contains(fairnessExclude) {
          options.fairnessExclude = request[fairnessExclude]
        }
        if request.parameters.contains(filterGPUs) { options.filtersGPUs = request[filterGPUs] }
        return HierarchicalAllocator(
          options, policy: try policy(request).offering(request[offerUnit]))
      })
  }
}

let fairnessExclude = Parameter.texts(
  "fairnessExclude", example: "[disk, gpus]", "names of resources that play no part in shares")

let filterGPUs = Parameter.flag(
  "filterGPUs", default: true, "keep slaves with gpus for frameworks that can use gpus")

let offerUnit = Parameter<OfferUnit>.choice(
  "offerUnit", default: .slave,
  "offer whole slaves, or only as much as one task needs, ranking after each offer")
