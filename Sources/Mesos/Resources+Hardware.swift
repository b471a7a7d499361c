// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a slave offers when its configuration does not say: what it finds in its machine, less what
// the machine needs for itself.

extension Resources {
  /// Parses the resources of a slave and fills in what its machine has.
  ///
  /// Of `cpus`, `mem`, `disk` and `ports`, those that the text does not name, for whatever role and
  /// with whatever amount, are taken from the machine, as Mesos does: all cpus; memory less 1 GB
  /// (half of it below 2 GB); disk less 5 GB (half of it below 10 GB); ports 31000 to 32000.
  /// - Parameters:
  ///   - text: The configuration, as for `init(parsing:defaultRole:)`.
  ///   - hardware: What is in the machine; only cpus, mem and disk matter.
  ///   - defaultRole: The role of entries that name none, and of what is filled in.
  /// - Throws: `ResourceSyntaxError` with the column of the first fault.
  public init(
    parsing text: String, hardware: Resources, defaultRole: Role = .unreserved
  ) throws(ResourceSyntaxError) {
    let source = SourceText(text)
    let statement = ResourceStatement(source, text)
    do throws(ResourceSyntaxError) {
      let drafts = try statement.drafts(defaultRole: defaultRole)
      try self.init(drafts, in: source)
      let named = drafts.map { $0.name == "cpu" ? "cpus" : $0.name }
      self += hardware.detected(defaultRole: defaultRole) { !named.contains($0) }
    } catch { throw statement.explained(error) }
  }

  /// What a slave finds of the resources that are asked for.
  private func detected(defaultRole: Role, _ isWanted: (String) -> Bool) -> Resources {
    let totals = standardTotals
    func megabytes(_ standard: StandardScalar, keeping kept: Int64) -> Resource.Value {
      // So many megabytes are kept, or half when there are less than twice as many.
      let whole = totals[standard.rawValue] / 1000
      return .scalar(Scalar(thousandths: (whole >= 2 * kept ? whole - kept : whole / 2) * 1000))
    }
    let found: [(name: String, value: Resource.Value)] = [
      ("cpus", .scalar(Scalar(thousandths: totals[StandardScalar.cpus.rawValue]))),
      ("mem", megabytes(.mem, keeping: 1024)),
      ("disk", megabytes(.disk, keeping: 5120)),
      ("ports", .ranges(ValueRanges([ValueRange(31000, 32000)]))),
    ]
    let reservations =
      defaultRole == .unreserved ? [] : [Reservation(.fixed, role: defaultRole)]
    return Resources(
      found.filter { isWanted($0.name) }
        .map { Resource($0.name, $0.value, reservations: reservations) })
  }
}
