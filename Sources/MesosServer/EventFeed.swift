// Part of mesosim. Apache-2.0, see LICENSE.
//
// What one page is told, as Server-Sent Events: the log of the run from where the page is, and how
// the run is going. The page sets the speed: nothing piles up for one that reads slowly.

#if Server
  import Foundation

  /// The events for one page.
  ///
  /// `begin` says that another log begins, `batch` has lines of it, `keyframe` lines that count
  /// instead of all before, and `run` says how the run is going. The `id` of an event is the place
  /// behind it, with which a page goes on after its connection broke.
  struct EventFeed {
    /// Where a page asks for them.
    static let path = "/mesosim/v1/events"

    private let live: LiveLog
    private let keeper: GateKeeper
    private var place: Int?
    private var status = ""
    private var statusMoment = ContinuousClock.now
    private var lastWord = ContinuousClock.now
    private var lastKeyframe = ContinuousClock.now - .seconds(60)
    /// Whether it has once been at the end.
    private var hasCaughtUp = false

    /// Bytes of lines in one event, and how far a page may fall behind before lines are left out.
    private static let batchBytes = 256 << 10
    private static let lagMax = 8 << 20
    /// Events come at most so often, but where a page has yet to catch up.
    static let pause = Duration.milliseconds(50)

    /// Begins where a page says that it is, if that is still known.
    init(_ live: LiveLog, _ keeper: GateKeeper, lastID: String?) {
      self.live = live
      self.keeper = keeper
      let parts = (lastID ?? "").split(separator: "-")
      if parts.count == 2, parts[0] == live.session, let place = Int(parts[1]), live.holds(place) {
        self.place = place
      }
    }

    /// What is to be said next; empty where nothing is.
    mutating func next() async -> [UInt8] {
      var events: [UInt8] = []
      if place == nil { events += await begin() }
      if let place, live.end - place > Self.lagMax, hasCaughtUp,
        ContinuousClock.now - lastKeyframe > .seconds(2)
      {
        events += await keyframe(skipped: true)
      }
      if let current = place {
        guard let (lines, end) = live.lines(from: current, limit: Self.batchBytes) else {
          return events + (await keyframe(skipped: true))
        }
        if !lines.isEmpty { events += event("batch", lines, end) }
        place = end
        if end == live.end { hasCaughtUp = true }
      }
      events += await news()
      // Some programs between two ends close what is silent.
      if events.isEmpty, ContinuousClock.now - lastWord > .seconds(15) {
        events = Array(":\n\n".utf8)
      }
      if !events.isEmpty { lastWord = .now }
      return events
    }

    /// Whether there is more to be said at once.
    var isBehind: Bool { place.map { $0 < live.end } ?? true }

    private mutating func begin() async -> [UInt8] {
      let header = live.header
      let start = event("begin", Array("{}".utf8), nil) + event("batch", header, header.count)
      if live.isWhole {
        place = header.count
        return start
      }
      return start + (await keyframe(skipped: false))
    }

    private mutating func keyframe(skipped: Bool) async -> [UInt8] {
      let (lines, end) = await keeper.keyframe()
      place = end
      lastKeyframe = .now
      return event(skipped ? "thinned" : "keyframe", lines, end)
    }

    /// How the run is going, where that has changed.
    private mutating func news() async -> [UInt8] {
      guard status.isEmpty || ContinuousClock.now - statusMoment > .milliseconds(200) else {
        return []
      }
      statusMoment = .now
      let text = await keeper.statusText
      guard text != status else { return [] }
      status = text
      return event("run", Array(text.utf8), nil)
    }

    /// One event; every line of it is one of the data.
    private func event(_ name: String, _ lines: [UInt8], _ end: Int?) -> [UInt8] {
      var bytes: [UInt8] = []
      bytes.reserveCapacity(lines.count + lines.count / 8 + 64)
      if let end { bytes += "id:\(live.session)-\(end)\n".utf8 }
      bytes += "event:\(name)\n".utf8
      for line in lines.split(separator: UInt8(ascii: "\n")) {
        bytes += "data:".utf8
        bytes += line
        bytes.append(UInt8(ascii: "\n"))
      }
      bytes.append(UInt8(ascii: "\n"))
      return bytes
    }
  }
#endif
