// Part of mesosim. Apache-2.0, see LICENSE.
//
// Memory and disk by themselves: a number of MB, or with a unit as in `4GB`.

internal import Mesos

extension Codec where Value == Double {
  /// An amount of memory or disk in MB, zero or more.
  static var megabytes: Codec {
    Codec.scalar(
      "an amount such as 512MB or 4GB", [.text, .integer, .number],
      schema: [
        "anyOf": [
          ["type": "string", "pattern": #"^[0-9]+(\.[0-9]+)?([MGT]B)?$"#],
          ["type": "number", "minimum": 0],
        ]
      ],
      parse: { (text) throws(Mismatch) in
        if let number = Double(text), number.isFinite, number >= 0 { return number }
        let amount = try UnitText.megabytes.parse(text, expected: "an amount such as 512MB or 4GB")
        guard amount >= 0 else {
          throw Mismatch(reason: "\(text) is negative; expected an amount such as 512MB or 4GB")
        }
        return Double(amount)
      },
      print: { .plain(Int64(exactly: $0).map { "\($0)MB" } ?? $0.shortText) }
    ).defined(as: "megabytes")
  }
}

extension Codec where Value == Int {
  /// A whole number of MB, above zero.
  static var wholeMegabytes: Codec {
    Codec<Double>.megabytes.map(
      { (amount) throws(Mismatch) in
        guard let whole = Int(exactly: amount), whole > 0 else {
          throw Mismatch(reason: "found \(amount.shortText); expected a whole number of MB above 0")
        }
        return whole
      }, { Double($0) })
  }
}
