// Part of mesosim. Apache-2.0, see LICENSE.
//
// The keys of `messages:`, what goes wrong with single messages.

internal import Mesos
import MesosCluster
import VirtualTime

/// What stands behind the keys; exactly one of the last four says what happens.
struct MessageKeys: Sendable {
  var kind = MessageKind.statusUpdate
  var from: Parties?
  var to: Parties?
  var times: Int?
  var isLost = false
  var isHeld = false
  var delay: Duration?
  var repetition: Duration?

  init() {}

  init(_ fault: MessageFault) {
    (kind, times) = (fault.kind, fault.times)
    from = fault.from.isEmpty ? nil : fault.from
    to = fault.to.isEmpty ? nil : fault.to
    switch fault.fate {
    case .lose: isLost = true
    case .hold: isHeld = true
    case .delay(let duration): delay = duration
    case .duplicate(let duration): repetition = duration
    // Of tests alone: no network does these.
    case .drop, .reorder, .watch: break
    }
  }

  /// What happens; `nil` unless exactly one thing does.
  private var fate: MessageFate? {
    var fates: [MessageFate] = []
    if isLost { fates.append(.lose) }
    if isHeld { fates.append(.hold) }
    if let delay { fates.append(.delay(delay)) }
    if let repetition { fates.append(.duplicate(after: repetition)) }
    return fates.count == 1 ? fates[0] : nil
  }

  /// What goes wrong; its table has seen to it that there is something.
  var fault: MessageFault {
    MessageFault(
      kind, from: from ?? Parties(), to: to ?? Parties(), times: times, fate ?? .lose)
  }

  fileprivate var isComplete: Bool { fate != nil }
}

extension FaultKeys {
  /// Of messages, who is named by `from` and `to`.
  static let messages = Table(
    name: "messages", blank: FaultKeys(),
    fields: [
      .required("kind", \.messages.kind, .word(), "what they say"),
      .optional("from", \.messages.from, Codec<Parties>.others, "from whom; else from anybody"),
      .optional("to", \.messages.to, Codec<Parties>.others, "to whom; else to anybody"),
      .optional(
        "times", \.messages.times, .integer(1...1_000_000), "how many, the first; else all"),
      .optional(
        "lose", \.messages.isLost, .flag,
        "they do not arrive; those that nobody says again break their connection"),
      .optional(
        "hold", \.messages.isHeld, .flag, "they wait until 'for' is over"),
      .optional(
        "delay", \.messages.delay, Codec<Duration>.positiveDuration,
        "they arrive so much later, whatever was sent after them"),
      .optional(
        "duplicate", \.messages.repetition, Codec<Duration>.positiveDuration,
        "they arrive again, so much later"),
      .optional(
        "for", \.length, Codec<Duration>.positiveDuration,
        "how long it is for messages that are sent"),
    ],
    check: { keys, path, node, problems in
      if !keys.messages.isComplete {
        problems.add(
          at: node.position, path,
          "expected one of 'lose: true', 'hold: true', 'delay: 3s' and 'duplicate: 1s'")
      } else if keys.messages.isHeld, keys.length == nil {
        problems.add(
          at: node.position, path, "'hold' without 'for'; expected how long they are held")
      }
    })
}
