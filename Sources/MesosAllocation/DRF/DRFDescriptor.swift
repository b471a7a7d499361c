// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a scenario names and sets the `drf` allocator.

extension AllocatorDescriptor {
  /// `drf`: Mesos's own.
  public static let drf = AllocatorDescriptor(
    name: "drf",
    summary: "Mesos's own: whole slaves to the smallest weighted dominant share, roles first",
    parameters: [
      Parameter(
        name: "fairnessExclude", type: "list of resource names", defaultValue: "[]",
        meaning: "resources that play no part in shares"),
      Parameter(
        name: "filterGPUs", type: "true or false", defaultValue: "true",
        meaning: "keep slaves with gpus for frameworks that can use gpus"),
    ],
    make: { request throws(AllocatorParameterError) in
      var options = request.options
      if let value = request.parameters["fairnessExclude"] {
        options.fairnessExclude = try value.texts(at: "fairnessExclude")
      }
      if let value = request.parameters["filterGPUs"] {
        options.filtersGPUs = try value.flag(at: "filterGPUs")
      }
      return HierarchicalDRFAllocator(options)
    })
}

extension AllocatorParameterValue {
  func flag(at path: String) throws(AllocatorParameterError) -> Bool {
    guard case .flag(let value) = self else {
      throw AllocatorParameterError(path: path, reason: "expected true or false")
    }
    return value
  }

  func text(at path: String) throws(AllocatorParameterError) -> String {
    guard case .text(let value) = self else {
      throw AllocatorParameterError(path: path, reason: "expected a name")
    }
    return value
  }

  func texts(at path: String) throws(AllocatorParameterError) -> [String] {
    guard case .list(let values) = self else {
      throw AllocatorParameterError(
        path: path, reason: "expected a list of names such as [disk, gpus]")
    }
    var texts: [String] = []
    for value in values { texts.append(try value.text(at: path)) }
    return texts
  }
}
