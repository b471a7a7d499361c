// Part of mesosim. Apache-2.0, see LICENSE.
//
// Members that are written only where something is said.

import Mesos

extension JSONWriter {
  /// Writes the member of a key as text, if there is any.
  package mutating func member(_ key: StaticString, _ text: String?) {
    guard let text else { return }
    self.key(key)
    string(text)
  }

  mutating func member(_ key: StaticString, _ flag: Bool) {
    if !flag { return }
    self.key(key)
    bool(true)
  }

  mutating func member(_ key: StaticString, _ flag: Bool, unless usual: Bool) {
    if flag == usual, !writesDefaults { return }
    self.key(key)
    bool(flag)
  }

  mutating func member(_ key: StaticString, _ value: UInt32?) {
    guard let value else { return }
    self.key(key)
    number(value)
  }

  mutating func member(_ key: StaticString, _ value: Double, unless usual: Double) {
    if value == usual, !writesDefaults { return }
    self.key(key)
    number(value)
  }

  mutating func member(_ key: StaticString, texts: [String]) {
    if texts.isEmpty { return }
    self.key(key)
    array { list in for text in texts { list.string(text) } }
  }

  /// Writes the member of a key as an id, if there is one.
  package mutating func member(_ key: StaticString, id: String?) {
    guard let id else { return }
    self.key(key)
    wrapped(id)
  }

  /// Writes the member of a key as bytes, if there are any.
  package mutating func member(_ key: StaticString, bytes: [UInt8]) {
    if bytes.isEmpty { return }
    self.key(key)
    base64(bytes)
  }

  /// Writes the member of a key as an object with a time, if there is one.
  package mutating func member(_ key: StaticString, duration: Duration?) {
    guard let duration else { return }
    self.key(key)
    object {
      $0.key("nanoseconds")
      $0.number(duration.wholeNanosecondsOrLimit)
    }
  }
}

extension Duration {
  /// The whole nanoseconds, or as many as fit.
  fileprivate var wholeNanosecondsOrLimit: Int64 {
    let parts = components
    let (product, overflow) = parts.seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return parts.seconds < 0 ? .min : .max }
    return product &+ parts.attoseconds / 1_000_000_000
  }
}
