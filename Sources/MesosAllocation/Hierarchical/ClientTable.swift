// Part of mesosim. Apache-2.0, see LICENSE.
//
// Frameworks in their roles: the clients of the framework sorters
// (mesos/src/master/allocator/mesos/hierarchical.cpp, trackFrameworkUnderRole). A framework is a
// client of each role that it is subscribed to or still holds something in.

import Mesos

/// A framework in one of its roles.
struct Client {
  var framework: FrameworkIndex
  var role: Int32
  var isSubscribed = false
  var isSuppressed = false
  /// Whether it is in the sorters: subscribed, or still holding something.
  var isTracked = false
  /// Whether it may be offered something.
  var isListed = false
  /// On how many slaves it holds something.
  var holdings = 0
  /// What the framework can take.
  var capabilities: FrameworkCapabilities = []
  /// Whether the framework says what is worth an offer in this role.
  var hasMinimum = false
  /// Whether the framework does not want to be offered every slave in this role.
  var isChoosy = false
  /// Which of the policy's choices of slaves concern it, as bits.
  var choice: UInt64 = 0
}

/// Clients under dense numbers, which are given again when a client is gone.
struct ClientTable {
  private var clients: [Client] = []
  private var minimums: [Int32: Minimum] = [:]
  var accounts = Accounts()
  private var vacant: [Int32] = []
  private var order = ByteOrder()
  /// Grows whenever someone comes, goes, is listed or no longer is.
  var listingVersion: UInt32 = 0

  subscript(client: Int32) -> Client {
    _read { yield clients[Int(client)] }
    _modify { yield &clients[Int(client)] }
  }

  /// The slaves that choosy clients do not want to be offered.
  private var unwanted: [Int32: Set<SlaveIndex>] = [:]

  /// Whether a client wants to be offered a slave.
  func wants(_ client: Int32, _ slave: SlaveIndex) -> Bool {
    unwanted[client]?.contains(slave) != true
  }

  /// Says which slaves a client does not want to be offered; `nil` for one that takes any.
  mutating func setUnwanted(_ slaves: Set<SlaveIndex>?, of client: Int32) {
    self[client].isChoosy = slaves != nil
    unwanted[client] = slaves
    // Who is not like others is not served like others.
    if slaves != nil { self[client].hasMinimum = true }
  }

  /// Says whether a choosy client wants to be offered a slave.
  mutating func setWanted(_ isWanted: Bool, _ slave: SlaveIndex, of client: Int32) {
    if isWanted {
      unwanted[client]?.remove(slave)
    } else {
      unwanted[client]?.insert(slave)
    }
  }

  /// The clients that do not want to be offered every slave.
  var choosy: [Int32] { unwanted.isEmpty ? [] : unwanted.keys.sorted() }

  /// What a client says is worth an offer, if it does.
  func minimum(of client: Int32) -> Minimum? { minimums[client] }

  mutating func setMinimum(_ minimum: Minimum?, of client: Int32) {
    self[client].hasMinimum = minimum != nil
    minimums[client] = minimum
  }

  /// Those who may be offered something, by their numbers.
  ///
  /// - Complexity: O(*n*) in the number of clients; an order keeps what it makes of it.
  var listed: [Int32] { numbers.filter { self[$0].isListed } }

  /// Every number ever given.
  var numbers: Range<Int32> { 0..<Int32(clients.count) }

  /// Adds a client; ties go by the framework's id.
  mutating func add(_ client: Client, id: FrameworkID) -> Int32 {
    let number = vacant.popLast() ?? Int32(clients.count)
    if Int(number) == clients.count { clients.append(client) } else { self[number] = client }
    accounts.reset(number)
    order.insert(number, key: id.value)
    accounts.rank(order.members)
    return number
  }

  /// Begins to sort a client that holds nothing, as if it had never been given anything.
  mutating func track(_ client: Int32) {
    self[client].isTracked = true
    listingVersion &+= 1
    let rank = accounts[client].standing.rank
    accounts.reset(client)
    accounts[client].standing.rank = rank
  }

  /// Drops a client that is not tracked any more.
  mutating func remove(_ client: Int32, id: FrameworkID) {
    self[client] = Client(framework: -1, role: -1)
    minimums[client] = nil
    order.remove(client, key: id.value)
    accounts.rank(order.members)
    vacant.append(client)
  }
}
