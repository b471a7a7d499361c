// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a constraint may look at of a slave, as text.

public import Mesos

/// A slave as constraints see it.
public struct Location: Hashable, Sendable {
  /// The slave's host.
  public var hostname: String
  /// What is said of the slave.
  public var attributes: Attributes
  /// The region it is in, if it has said so.
  public var region: String?
  /// The zone it is in, if it has said so.
  public var zone: String?

  /// Describes a slave.
  public init(hostname: String, attributes: Attributes = Attributes(), domain: DomainInfo? = nil) {
    self.hostname = hostname
    self.attributes = attributes
    region = domain?.region
    zone = domain?.zone
  }

  /// The slave that an offer is of.
  public init(of offer: Offer) {
    self.init(hostname: offer.hostname, attributes: offer.attributes, domain: offer.domain)
  }

  /// The value of a constraint's field as text; `nil` when the slave lacks it.
  public subscript(field: String) -> String? {
    switch field {
    case "hostname", "@hostname": hostname
    case "@region": region
    case "@zone": zone
    default: attributes[field]?.constraintText
    }
  }
}

extension Attribute.Value {
  /// The value as constraints compare it: a number with up to three decimals, ranges by their
  /// begins as `[1-4,8-9]`, a set in order as `{a,b}`.
  var constraintText: String {
    switch self {
    case .scalar(let number): number.constraintText
    case .ranges(let ranges):
      "["
        + ranges.ranges.sorted { $0.begin < $1.begin }.map { "\($0.begin)-\($0.end)" }
        .joined(separator: ",") + "]"
    case .set(let set):
      "{" + set.items.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: ",")
        + "}"
    case .text(let text): text
    }
  }
}

extension Double {
  /// The number with up to three decimals, without exponent and without zeros at its end.
  ///
  /// Rounded from its exact value, half to even, as Java formats numbers.
  var constraintText: String {
    guard isFinite else { return description }
    let whole = magnitude.rounded(.down)
    let fraction = magnitude - whole
    // The product is rounded itself; what it lost decides what looks like a tie.
    let product = fraction * 1000
    let lost = (-product).addingProduct(fraction, 1000)
    let isTie = product - product.rounded(.down) == 0.5
    let direction: FloatingPointRoundingRule =
      isTie && lost > 0 ? .up : isTie && lost < 0 ? .down : .toNearestOrEven
    var thousandths = Int(product.rounded(direction))
    let carry = thousandths == 1000 ? 1.0 : 0
    if carry > 0 { thousandths = 0 }
    var digits = (whole + carry).wholeDigits
    if thousandths > 0 {
      var decimals = String(String(1000 + thousandths).dropFirst())
      while decimals.last == "0" { decimals.removeLast() }
      digits += "." + decimals
    }
    return sign == .minus && digits != "0" ? "-" + digits : digits
  }

  /// A whole number's digits, written out.
  private var wholeDigits: String {
    if let number = UInt64(exactly: self) { return String(number) }
    // Beyond 64 bits the shortest digits that mean the number, and zeros behind them.
    let parts = description.split(separator: "e")
    let digits = parts.first.map { $0.filter { $0 != "." } } ?? ""
    guard parts.count == 2, let exponent = Int(parts[1]) else { return description }
    return digits + String(repeating: "0", count: max(0, exponent + 1 - digits.count))
  }
}
