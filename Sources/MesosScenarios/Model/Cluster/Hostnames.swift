// Part of mesosim. Apache-2.0, see LICENSE.
//
// What slaves' machines are called: programs outside the simulation look host names up.

/// What the slaves' machines are called.
public enum Hostnames: String, CaseIterable, Sendable {
  /// As the slaves are.
  case names
  /// 127.1.0.1 and so on, in the order of the slaves: each of its own, and known on every machine.
  case loopback
}

extension ClusterDescription {
  /// The number of the first slave of each group among all.
  var firstNumbers: [Int] {
    var first = 0
    return slaves.map { group in
      defer { first += group.count }
      return first
    }
  }

  /// What the machine of a slave is called; `first` is the number of the first of its group.
  func hostname(of index: Int, in group: SlaveGroup, first: Int) -> String {
    switch hostnames {
    case .names: group.name.text(index: index)
    case .loopback: Self.loopbackAddress(of: first + index)
    }
  }

  /// The address of the slave of a number: 127.1.0.1, 127.1.0.2, … 127.1.0.254, 127.1.1.1, …;
  /// 127.0 is left to the machine itself.
  static func loopbackAddress(of number: Int) -> String {
    let (rest, last) = number.quotientAndRemainder(dividingBy: 254)
    return "127.\(1 + rest / 256 % 255).\(rest % 256).\(last + 1)"
  }

  /// Whether all host names are addresses, so that they are found without being looked up.
  package var hasAddressesAsNames: Bool {
    slaves.allSatisfy { group in
      let parts = group.name.text(index: 0).split(separator: ".", omittingEmptySubsequences: false)
      return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
  }
}
