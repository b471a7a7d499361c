// Part of mesosim. Apache-2.0, see LICENSE.
//
// The shortest text that reads as a scenario: what is left out reads as its default.

extension LoadedScenario {
  /// The scenario as YAML without what goes without saying.
  ///
  /// - Parameter vocabulary: The names that it uses.
  /// - Returns: Text that reads as the same scenario; where there is none, the resolved one.
  /// - Complexity: O(keys²).
  public func shortestYAML(vocabulary: ScenarioVocabulary = ScenarioVocabulary()) -> String {
    let resolved = Scenario.table.write(scenario)
    func reads(_ root: YAMLNode) -> Bool {
      let document = ScenarioDocument(root, files: files, vocabulary: vocabulary)
      return (try? document.read())?.scenario == scenario
    }
    return reads(resolved) ? resolved.shortened(within: { $0 }, reads).yaml : resolved.yaml
  }
}

extension YAMLNode {
  /// This node without the keys that are not needed.
  /// - Parameters:
  ///   - whole: The document with a node in the place of this one.
  ///   - reads: Whether a document still means the same.
  /// - Returns: The node.
  fileprivate func shortened(
    within whole: (YAMLNode) -> YAMLNode, _ reads: (YAMLNode) -> Bool
  ) -> YAMLNode {
    switch content {
    case .scalar: return self
    case .list(var items):
      for place in items.indices {
        items[place] = items[place].shortened(
          within: { item in
            var changed = items
            changed[place] = item
            return whole(.list(changed))
          }, reads)
      }
      return .list(items)
    case .map(var entries):
      var place = 0
      while place < entries.count {
        var fewer = entries
        fewer.remove(at: place)
        if reads(whole(YAMLNode(.map(fewer)))) {
          entries = fewer
          continue
        }
        entries[place].value = entries[place].value.shortened(
          within: { value in
            var changed = entries
            changed[place].value = value
            return whole(YAMLNode(.map(changed)))
          }, reads)
        place += 1
      }
      return YAMLNode(.map(entries))
    }
  }
}
