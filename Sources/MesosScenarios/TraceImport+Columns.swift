// Part of mesosim. Apache-2.0, see LICENSE.
//
// A column map on a command line, in the words of a scenario.

public import MesosWorkloads

extension RowWorkload {
  /// A table whose columns are named as a scenario names them, without the braces around them:
  /// `submit: time, duration: {column: run, unit: ms}`.
  ///
  /// - Parameters:
  ///   - columns: The map.
  ///   - header: The names of the columns, separated by commas, if the file has no line of them.
  /// - Returns: A workload whose file is not named yet.
  /// - Throws: `ScenarioError` with all that is wrong with the map.
  public static func csv(
    columns: String, header: String? = nil
  ) throws(ScenarioError) -> RowWorkload {
    var problems = Problems()
    let text = "{columns: {\(columns)}}"
    let root = YAMLNode.parse(text, &problems)
    let place = root?.node(at: Path(steps: [.key("columns")]))
    guard let place, let columns = TraceColumns.table.read(place, Path() + "columns", &problems)
    else {
      let found = problems.sorted.map { problem in
        var problem = problem
        problem.position = nil
        return problem
      }
      throw ScenarioError(file: "--columns", problems: found)
    }
    var named = columns
    named.header = header.map { $0.split(separator: ",").map { String($0) } } ?? []
    return RowWorkload(layout: .csv(named), file: "")
  }
}
