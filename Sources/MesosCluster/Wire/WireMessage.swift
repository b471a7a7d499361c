// Part of mesosim. Apache-2.0, see LICENSE.
//
// What crosses the network: a message of any kind, and its header.

import Mesos

/// A message under way.
///
/// With its header it fills one cache line, which a test sees to.
enum WireMessage {
  case toMaster(MasterMessage)
  case toSlave(SlaveMessage)
  case toScheduler(SchedulerMessage)
}

/// From whom a message is, or to whom, beside the party that its event names.
struct MessageHeader: BitwiseCopyable {
  /// Who sends to a scheduler.
  enum Origin {
    case master(MasterIndex)
    case slave
    case driver
  }

  /// The master that sends or receives; else who does, by a number below zero.
  private let number: Int32
  /// The process of the scheduler that a message is for.
  let incarnation: Incarnation

  /// To or from a master, and its other party is a slave, or a scheduler that sends.
  init(_ master: MasterIndex) {
    number = master.rawValue
    incarnation = 0
  }

  /// To a slave over a connection, by how many there were before it, while the network is bad.
  init(_ master: MasterIndex, connection: Int32) {
    number = master.rawValue
    incarnation = Incarnation(rawValue: connection + 1)
  }

  /// Over which connection to a slave it goes; `nil` where nothing can overtake it.
  var connection: Int32? { incarnation.rawValue > 0 ? incarnation.rawValue - 1 : nil }

  /// To a process of a scheduler.
  init(to incarnation: Incarnation, from origin: Origin) {
    self.incarnation = incarnation
    number =
      switch origin {
      case .master(let master): master.rawValue
      case .slave: -1
      case .driver: -2
      }
  }

  /// The master that sends or receives; only where one does.
  var master: MasterIndex { MasterIndex(rawValue: number) }

  /// Who sends to a scheduler.
  var origin: Origin {
    switch number {
    case -1: .slave
    case -2: .driver
    default: .master(master)
    }
  }
}
