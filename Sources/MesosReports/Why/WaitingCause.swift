// Part of mesosim. Apache-2.0, see LICENSE.
//
// What keeps those that wait from being offered something, in words.

/// What keeps something from a framework; the first that applies is the binding one.
enum WaitingCause: String, CaseIterable {
  case size, suitable, room, answer, due, refused, others, quota, unwanted, kept
  /// Not found by an allocation: none is made while nothing is free or no master leads.
  case answered

  /// What to say where a log has none of this.
  static let hint =
    "What the allocator went by is not in this log; 'run --events FILE --explain' writes it."

  /// For sums over time: "… for 40s".
  var inSum: String {
    switch self {
    case .size: "no slave was large enough"
    case .suitable: "no slave that is large enough was for it"
    case .room: "tasks held all room"
    case .answer: "it had offers to answer"
    case .due: "room was due at the next allocation"
    case .refused: "it had refused what had room"
    case .others: "offers to others held what had room"
    case .quota: "quota kept what had room"
    case .unwanted: "it wanted no offers"
    case .kept: "the allocator kept what had room without saying why"
    case .answered: "no allocation looked again once it had answered"
    }
  }
}

extension LoggedPass.Finding {
  /// What binds: what can change soonest goes first where slaves differ.
  var cause: WaitingCause {
    if (size ?? 0) == 0 { return .size }
    if (suitable ?? size) == 0 { return .suitable }
    if (room ?? 0) == 0 { return .room }
    if (offered ?? 0) > 0 { return .answer }
    if (due ?? 0) > 0 { return .due }
    if (refused ?? 0) > 0 { return .refused }
    if (others ?? 0) > 0 { return .others }
    if (quota ?? 0) > 0 { return .quota }
    return (unwanted ?? 0) > 0 ? .unwanted : .kept
  }

  /// The funnel, from all slaves to those that it could have.
  var funnel: String {
    var text = "slaves \(there ?? 0), large enough \(size ?? 0)"
    if let suitable { text += ", for it \(suitable)" }
    text += ", with room \(room ?? 0)"
    let parts = [
      ("on offer to it", offered), ("in offers to others", others), ("refused by it", refused),
      ("kept by quota", quota), ("due next", due), ("free for it if it wanted offers", unwanted),
    ].compactMap { name, count in count.map { "\(name) \($0)" } }
    return text + (parts.isEmpty ? "" : ": " + parts.joined(separator: ", "))
  }

  /// What binds, and when that can change at the earliest.
  func binding(_ pass: LoggedPass) -> String {
    switch cause {
    case .size: return "No slave is large enough: nothing changes before one joins."
    case .suitable:
      return "No slave that is large enough is for it, by constraints, gpus, policy or partition: "
        + "nothing changes before one joins or these do."
    case .room: return "Tasks hold all room: nothing changes before one of them ends."
    case .answer, .answered:
      return "It has offers that are large enough, and can answer at any time."
    case .due:
      let next = pass.next.map { ", at \(LogText.time($0))," } ?? ""
      return "The next allocation\(next) looks at \(due ?? 0) with room."
    case .refused:
      guard let until, let again, let slave else { return "It has refused all that has room." }
      let others = (refused ?? 0) > 1 ? ", before the others" : ""
      return "Its refusal of \(slave) ends at \(LogText.time(until))\(others), unless it"
        + " revives; the allocation at \(LogText.time(again)) can offer it again."
    case .others: return "Offers to others hold what has room, until they are answered."
    case .quota:
      let kept = pass.headroom.map { ": \($0) must stay free for guarantees" } ?? ""
      return "Quota keeps what has room\(kept)."
    case .unwanted: return "It wants no offers at present: suppressed, or not connected."
    case .kept: return "The allocator does not say what keeps the room from it."
    }
  }
}
