// Part of mesosim. Apache-2.0, see LICENSE.
//
// Allocations with their reasons, as `run --events … --explain` writes them.

/// What an allocation went by.
struct LoggedPass {
  struct Rank: Decodable {
    var place: Int
    var framework: String
    var share: Double?
    var given: Int?
  }

  struct Entry: Decodable {
    var place: Int
    var role: String
    var part: String?
    var shares: [Double]?
    var lacks: String?
    var exhausted: [String]?
    var count: Int?
    var frameworks: [Rank]
  }

  /// What waits, and what keeps slaves from it; what is not there is none.
  struct Finding: Decodable, Equatable {
    var framework: String
    var resources: String
    var there: Int?
    var size: Int?
    var suitable: Int?
    var room: Int?
    var offered: Int?
    var others: Int?
    var refused: Int?
    var quota: Int?
    var due: Int?
    var unwanted: Int?
    var until: Int?
    var again: Int?
    var slave: String?
  }

  var at: Int
  var next: Int?
  var by: String?
  var headroom: String?
  var count: Int
  var order: [Entry]
}

extension LoggedPass {
  /// The order of a fact; `nil` if it is no allocation.
  init?(_ fact: LoggedFact) {
    guard fact.type == "pass" else { return nil }
    at = fact.t
    next = fact.next
    by = fact.by
    headroom = fact.headroom
    count = fact.count ?? 0
    order = fact.order ?? []
  }

  /// Where a framework stood, in sentences of which the first begins small.
  func standing(of framework: String) -> String {
    switch by {
    case nil: return "the allocator gives no reasons."
    case "chance": return "who comes first is drawn by chance for each slave."
    default: break
    }
    for entry in order {
      guard let rank = entry.frameworks.first(where: { $0.framework == framework }) else {
        continue
      }
      if by == "policy" {
        return "\(framework) came \(LogText.place(rank.place, of: count)) in the policy's order"
          + before(rank.place) + "."
      }
      return place(of: rank, in: entry)
    }
    return "\(framework) stood nowhere in the order."
  }

  /// Who came before a place where frameworks are counted through.
  private func before(_ place: Int) -> String {
    let others = order.flatMap(\.frameworks).filter { $0.place < place }
      .sorted { $0.place < $1.place }
    return LogText.after(others.map(\.framework), of: place - 1)
  }

  private func place(of rank: Rank, in entry: Entry) -> String {
    // The parts of a partition have nothing to do with one another.
    let rivals = order.filter { $0.part == entry.part }
    let place = entry.part == nil ? entry.place : rivals.count { $0.place < entry.place } + 1
    let count = entry.part == nil ? self.count : rivals.count
    let isAlone = count == 1
    var text = "role \(entry.role)"
    if let part = entry.part { text += " in the part of \(part)" }
    text += isAlone ? " came alone" : " came \(LogText.place(place, of: count))"
    text += " with a share of \(LogText.shares(entry.shares ?? []))"
    if !isAlone {
      let before = rivals.filter { $0.place < entry.place }
      text += LogText.after(
        before.map { "\($0.role) (\(LogText.shares($0.shares ?? [])))" }, of: place - 1)
    }
    text += "."
    if let all = entry.count, all > 1 {
      let before = entry.frameworks.filter { $0.place < rank.place }
      let names = before.map { "\($0.framework) (\(LogText.share($0.share ?? 0)))" }
      let (place, share) = (LogText.place(rank.place, of: all), LogText.share(rank.share ?? 0))
      text += " In the role, \(rank.framework) came \(place) with \(share)"
      text += LogText.after(names, of: rank.place - 1) + "."
    }
    if let lacks = entry.lacks {
      text += " The role lacked \(lacks) of its guarantee, which goes before shares."
    }
    if let names = entry.exhausted {
      text += " Its limit left it no more \(names.joined(separator: ", "))."
    }
    if let headroom, entry.lacks == nil {
      text += " \(headroom) had to stay free for guarantees."
    }
    return text
  }
}
