// Part of mesosim. Apache-2.0, see LICENSE.
//
// Handlers by number, on a raw pointer for the sake of the event loop.

/// The registered handlers, kept alive.
struct HandlerTable: ~Copyable {
  private var handlers: UnsafeMutablePointer<any EventHandler>
  private var capacity = 64
  private var count = 0

  init() { handlers = .allocate(capacity: capacity) }

  deinit {
    handlers.deinitialize(count: count)
    handlers.deallocate()
  }

  func contains(_ handler: HandlerID) -> Bool {
    UInt32(bitPattern: handler.index) < UInt32(truncatingIfNeeded: count)
  }

  /// The handler of this number, which must be contained.
  subscript(handler: HandlerID) -> any EventHandler { handlers[Int(handler.index)] }

  mutating func append(_ handler: any EventHandler) -> HandlerID {
    if count == capacity { grow() }
    (handlers + count).initialize(to: handler)
    count += 1
    return HandlerID(index: Int32(count - 1))
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<any EventHandler>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: handlers, count: count)
    handlers.deallocate()
    handlers = larger
    capacity *= 2
  }
}
