// Part of mesosim. Apache-2.0, see LICENSE.
//
// Handlers by number, for the event loop, which calls them without counting references
// (Performance.md, "No counting where somebody keeps").

/// The registered handlers, kept alive as long as the table.
struct HandlerTable: ~Copyable {
  /// Holds a handler in a constant, which can be called without being retained.
  final class Keeper {
    let handler: any EventHandler
    init(_ handler: any EventHandler) { self.handler = handler }
  }

  private var keepers: UnsafeMutablePointer<Unmanaged<Keeper>>
  private var capacity = 64
  private var count = 0

  init() { keepers = .allocate(capacity: capacity) }

  deinit {
    for place in 0..<count { keepers[place].release() }
    keepers.deallocate()
  }

  func contains(_ handler: HandlerID) -> Bool {
    UInt32(bitPattern: handler.index) < UInt32(truncatingIfNeeded: count)
  }

  /// The handler of this number, which must be contained, and stay so until it has returned.
  ///
  /// It is called outside: a handler may register others, which moves the table.
  subscript(handler: HandlerID) -> Unmanaged<Keeper> { keepers[Int(handler.index)] }

  mutating func append(_ handler: any EventHandler) -> HandlerID {
    guard count < HandlerID.limit else {
      fatalError("\(count) handlers are registered, which is the limit; many parties can share one")
    }
    if count == capacity { grow() }
    (keepers + count).initialize(to: .passRetained(Keeper(handler)))
    count += 1
    return HandlerID(index: Int32(count - 1))
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Unmanaged<Keeper>>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: keepers, count: count)
    keepers.deallocate()
    keepers = larger
    capacity *= 2
  }
}
