// Part of mesosim. Apache-2.0, see LICENSE.
//
// Resources as `Codable`, to write down what was said and to read it again. The JSON of Mesos,
// which leaves out what this keeps, is read in `Resources+JSON.swift`.

extension Resource: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, value, terms, copies
  }

  /// Reads a resource as it is.
  ///
  /// The rules of `validate` are not asked: what a framework says against them must be heard again
  /// just so. Refused are only an empty name, inverted ranges and copies of what is not shared.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try container.decode(String.self, forKey: .name),
      try container.decode(Value.self, forKey: .value),
      terms: try container.decodeIfPresent(ResourceTerms.Fields.self, forKey: .terms)
        .flatMap(ResourceTerms.init),
      copies: try container.decodeIfPresent(Int.self, forKey: .copies) ?? 1)
    guard !name.isEmpty else {
      throw DecodingError.dataCorruptedError(
        forKey: .name, in: container, debugDescription: "no name; expected one such as cpus")
    }
    if case .ranges(let value) = value, let range = value.ranges.first(where: \.isInverted) {
      throw DecodingError.dataCorruptedError(
        forKey: .value, in: container,
        debugDescription: "the range \(range.begin)-\(range.end) of '\(name)' begins after its "
          + "end; swap the two")
    }
    guard copies == 1 || copies > 1 && isShared else {
      throw DecodingError.dataCorruptedError(
        forKey: .copies, in: container,
        debugDescription: "\(copies) copies of '\(name)'; expected 1, or more of what is shared")
    }
  }

  /// Writes name, value, terms and, where there are several, the number of copies.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(value, forKey: .value)
    try container.encodeIfPresent(terms?.fields, forKey: .terms)
    if copies != 1 { try container.encode(copies, forKey: .copies) }
  }
}

extension Resources: Codable {
  /// Reads a list from its entries; those that are empty are left out.
  public init(from decoder: any Decoder) throws {
    for entry in try [Resource](from: decoder) where !entry.isEmpty { add(entry) }
  }

  /// Writes the entries, in the order of the canonical text.
  public func encode(to encoder: any Encoder) throws { try entries.encode(to: encoder) }
}
