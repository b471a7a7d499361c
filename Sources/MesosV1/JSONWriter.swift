// Part of mesosim. Apache-2.0, see LICENSE.
//
// Puts JSON into bytes, one after the other: nothing is made that is not written.

package import Mesos
package import VirtualTime

/// Writes JSON without white space, keys in the order in which they are written.
///
/// An event of offers is written to every framework that gets one, so that bytes go straight to
/// where they stay: some instructions a byte, and no allocation but the memory's growth.
package struct JSONWriter: ~Copyable {
  private var memory: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var count = 0
  /// Whether something stands before the next value at this level.
  private var needsComma = false
  /// What was written last of resources, where offers that follow one another have the same.
  var lastResources: WrittenResources?
  /// Whether what is as usual is written as well, as operators see it.
  package var writesDefaults = false
  /// Calendar time of instant 0, in seconds since 1970.
  package var epoch: Int64 = 0
  /// Takes what is written piece by piece; `nil` where all of it is kept.
  private var sink: (([UInt8]) -> Void)?
  private var pieceSize = Int.max

  /// Begins with nothing written.
  package init() {
    capacity = 512
    memory = .allocate(capacity: capacity)
  }

  /// Begins with nothing written; `sink` is handed pieces of about this many bytes, where those who
  /// write say that one may end, and the rest by `finish`.
  package init(piecesOf size: Int, to sink: @escaping ([UInt8]) -> Void) {
    self.init()
    pieceSize = max(1, size)
    self.sink = sink
  }

  /// Hands over what is written if that makes a piece; to be called between values.
  package mutating func endPiece() {
    if count >= pieceSize { finish() }
  }

  /// Hands over what is left.
  package mutating func finish() {
    guard let sink, count > 0 else { return }
    sink(bytes)
    count = 0
  }

  deinit { memory.deallocate() }

  /// What is written so far.
  package var bytes: [UInt8] { Array(UnsafeBufferPointer(start: memory, count: count)) }

  /// How many bytes are written.
  package var byteCount: Int { count }

  /// The text that is written.
  package var text: String {
    String(decoding: UnsafeBufferPointer(start: memory, count: count), as: UTF8.self)
  }

  /// Makes room.
  @inline(__always)
  package mutating func reserve(_ more: Int) {
    if count + more > capacity { grow(to: count + more) }
  }

  @inline(never)
  private mutating func grow(to size: Int) {
    let larger = max(size, capacity * 2)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    moved.update(from: memory, count: count)
    memory.deallocate()
    (memory, capacity) = (moved, larger)
  }

  /// Forgets what is written and keeps the memory.
  package mutating func clear() {
    count = 0
    needsComma = false
    lastResources = nil
  }

  /// Writes a byte for which there is room.
  @inline(__always)
  private mutating func put(_ byte: UInt8) {
    memory[count] = byte
    count += 1
  }

  @inline(__always)
  private mutating func separate() {
    reserve(2)
    if needsComma { put(UInt8(ascii: ",")) }
    needsComma = true
  }

  /// What was written from a place on, for writing it once more.
  func written(from start: Int) -> [UInt8] {
    Array(UnsafeBufferPointer(start: memory + start, count: count - start))
  }

  /// Writes a value once more.
  mutating func again(_ value: [UInt8]) {
    separate()
    reserve(value.count)
    value.withUnsafeBufferPointer { source in
      guard let start = source.baseAddress else { return }
      (memory + count).update(from: start, count: source.count)
    }
    count += value.count
  }

  /// Writes an object whose members the body writes.
  @inline(__always)
  package mutating func object(_ body: (inout JSONWriter) -> Void) {
    separate()
    put(UInt8(ascii: "{"))
    needsComma = false
    body(&self)
    reserve(1)
    put(UInt8(ascii: "}"))
    needsComma = true
  }

  /// Writes an array whose elements the body writes.
  @inline(__always)
  package mutating func array(_ body: (inout JSONWriter) -> Void) {
    separate()
    put(UInt8(ascii: "["))
    needsComma = false
    body(&self)
    reserve(1)
    put(UInt8(ascii: "]"))
    needsComma = true
  }

  /// Writes the key of the value that is written next.
  @inline(__always)
  package mutating func key(_ key: StaticString) {
    separate()
    quote(key)
    put(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a word that needs no escaping.
  @inline(__always)
  mutating func word(_ word: StaticString) {
    separate()
    quote(word)
  }

  @inline(__always)
  private mutating func quote(_ text: StaticString) {
    let length = text.utf8CodeUnitCount
    reserve(length + 3)
    put(UInt8(ascii: "\""))
    (memory + count).update(from: text.utf8Start, count: length)
    count += length
    put(UInt8(ascii: "\""))
  }

  /// Writes a key that is not known beforehand.
  package mutating func key(named key: String) {
    string(key)
    reserve(1)
    put(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a string.
  package mutating func string(_ text: String) {
    separate()
    reserve(1)
    put(UInt8(ascii: "\""))
    append(text)
    reserve(1)
    put(UInt8(ascii: "\""))
  }

  /// Writes the id of an offer.
  mutating func offerID(_ id: OfferID) {
    if id.number < 0 { return string(id.value) }
    separate()
    reserve(1)
    put(UInt8(ascii: "\""))
    append(id.master)
    reserve(3)
    put(UInt8(ascii: "-"))
    put(UInt8(ascii: "O"))
    digits(UInt64(id.number))
    reserve(1)
    put(UInt8(ascii: "\""))
  }

  private mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { source in
      // A byte comes to six at most.
      reserve(source.count * 6 + 8)
      var place = 0
      // Eight bytes at a time, as long as none of them is to be escaped.
      while place + 8 <= source.count, let start = source.baseAddress {
        let word = UnsafeRawPointer(start + place).loadUnaligned(as: UInt64.self)
        if Self.hasSpecial(word) { break }
        UnsafeMutableRawPointer(memory + count).storeBytes(of: word, as: UInt64.self)
        count += 8
        place += 8
      }
      while place < source.count {
        append(escaping: source[place])
        place += 1
      }
    }
  }

  /// Whether one of eight bytes is a control character, a quotation mark or a backslash.
  @inline(__always)
  private static func hasSpecial(_ word: UInt64) -> Bool {
    let (ones, tops): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
    func hasZero(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & tops }
    let below = (word &- ones &* 0x20) & ~word & tops
    return below | hasZero(word ^ ones &* 0x22) | hasZero(word ^ ones &* 0x5c)
      | hasZero(word ^ ones &* 0x7f) != 0
  }

  @inline(__always)
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") && byte != 0x7f
  }

  /// Writes a byte of a string, for which there is room however it is written.
  @inline(__always)
  private mutating func append(escaping byte: UInt8) {
    if Self.isPlain(byte) { return put(byte) }
    escape(byte)
  }

  @inline(never)
  private mutating func escape(_ byte: UInt8) {
    put(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): put(byte)
    case UInt8(ascii: "\n"): put(UInt8(ascii: "n"))
    case UInt8(ascii: "\r"): put(UInt8(ascii: "r"))
    case UInt8(ascii: "\t"): put(UInt8(ascii: "t"))
    default:
      put(UInt8(ascii: "u"))
      put(UInt8(ascii: "0"))
      put(UInt8(ascii: "0"))
      put(Self.hexadecimal(byte >> 4))
      put(Self.hexadecimal(byte & 15))
    }
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }

  /// Writes a number's digits.
  private mutating func digits(_ number: UInt64) {
    reserve(20)
    var length = 1
    var rest = number / 10
    while rest > 0 {
      length += 1
      rest /= 10
    }
    rest = number
    for place in stride(from: count + length - 1, through: count, by: -1) {
      memory[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    count += length
  }

  /// Writes ASCII that needs no escaping and stands for itself.
  private mutating func raw(_ text: String) {
    separate()
    append(text)
  }

  /// Writes a value that is at hand.
  package mutating func json(_ value: JSONValue) {
    switch value.content {
    case .null: raw("null")
    case .bool(let truth): bool(truth)
    case .number(let text): raw(text)
    case .string(let text): string(text)
    case .array(let values): array { list in for value in values { list.json(value) } }
    case .object(let members):
      object { writer in
        for member in members {
          writer.key(named: member.key)
          writer.json(member.value)
        }
      }
    }
  }

  /// Writes true or false.
  package mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }

  /// Writes a whole number.
  package mutating func number(_ value: some BinaryInteger) {
    guard let digits = UInt64(exactly: value) else { return raw(String(value)) }
    separate()
    self.digits(digits)
  }

  /// Writes a number; one that is none, or infinite, as 0, for JSON has no word for it.
  package mutating func number(_ value: Double) {
    guard value.isFinite else { return number(0) }
    if value == value.rounded(), value.magnitude < 1e15 { return number(Int64(value)) }
    raw(value.description)
  }

  /// Writes an amount, with as many of its three decimals as it needs.
  package mutating func number(_ amount: Scalar) {
    separate()
    digits(UInt64(amount.thousandths / 1000))
    var (rest, unit) = (amount.thousandths % 1000, Int64(100))
    reserve(4)
    if rest > 0 { put(UInt8(ascii: ".")) }
    while rest > 0 {
      put(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / unit))
      rest %= unit
      unit /= 10
    }
  }

  /// Writes a number with a decimal, be it a zero, as Mesos does.
  package mutating func real(_ value: Double) {
    let isWhole = value == value.rounded() && value.magnitude < 1e15
    raw(isWhole ? "\(Int64(value)).0" : value.isFinite ? value.description : "0.0")
  }

  /// Writes an instant as calendar time, in seconds since 1970.
  package mutating func seconds(_ instant: Instant) { number(Double(epoch) + instant.seconds) }

  /// Writes an instant as calendar time, in nanoseconds since 1970.
  package mutating func nanoseconds(_ instant: Instant) {
    number(epoch &* 1_000_000_000 &+ instant.nanoseconds)
  }

  /// Writes bytes in base 64.
  package mutating func base64(_ data: [UInt8]) { string(Base64.text(of: data)) }

  /// Writes an object whose only member is `value`, as ids are.
  package mutating func wrapped(_ text: String) {
    object {
      $0.key("value")
      $0.string(text)
    }
  }
}
