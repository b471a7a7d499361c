// Part of mesosim. Apache-2.0, see LICENSE.
//
// The tasks of a master, in reused slots that are linked into one list a slave and one a framework,
// in the order of launches.

import Mesos

/// A task from its launch until its terminal update is acknowledged.
///
/// What every update and acknowledgement reads comes first and lies in one cache line, as the whole
/// fills two: with many tasks each line comes from main memory.
struct TaskRecord {
  let framework: FrameworkIndex
  var slave: SlaveIndex
  var id: TaskID
  /// Number in the order of launches, for the record of the run.
  var number: TaskNumber
  var state: TaskState
  /// The state last forwarded to the framework; `nil` for none.
  var sentState: TaskState?
  /// Whether this master forwarded an update of it: what the last one did does not count.
  var wasForwarded = false
  private var hasTerminalUpdate = false
  private var terminalUpdateID = UpdateID(high: 0, low: 0)
  var role: Role
  /// The executor of the framework's own that runs it; `nil` for a command.
  var executor: ExecutorID?
  @Packed var resources: Resources

  @inline(__always)
  init(
    framework: FrameworkIndex, slave: SlaveIndex, id: TaskID, role: Role, resources: Resources,
    executor: ExecutorID?, number: TaskNumber, state: TaskState, sentState: TaskState? = nil
  ) {
    self.framework = framework
    self.slave = slave
    self.id = id
    self.role = role
    _resources = Packed(wrappedValue: resources)
    self.executor = executor
    self.number = number
    self.state = state
    self.sentState = sentState
  }

  /// By which the task is found.
  @inline(__always)
  var hash: UInt32 { SlotIndex.hash(framework, id) }

  /// The terminal update that was forwarded and waits to be acknowledged.
  //
  // Kept in two parts: an optional of sixteen bytes would take the record past its second line.
  @inline(__always)
  var terminalUpdate: UpdateID? {
    get { hasTerminalUpdate ? terminalUpdateID : nil }
    set {
      hasTerminalUpdate = newValue != nil
      if let newValue { terminalUpdateID = newValue }
    }
  }
}

/// All tasks that a master tracks, by slot.
struct TaskTable: ~Copyable {
  private var records = SlotTable<TaskRecord>()
  private var onSlaves: [SlotLinks] = []
  private var ofFrameworks: [SlotLinks] = []
  /// Finds tasks by framework and id.
  private var index = SlotIndex()
  /// How many tasks are tracked.
  var count: Int { records.count }

  subscript(slot: Int32) -> TaskRecord {
    @inline(__always) _read { yield records[Int(slot)] }
    @inline(__always) _modify { yield &records[Int(slot)] }
  }

  /// The task of a framework with this id.
  func find(_ id: TaskID, of framework: FrameworkIndex) -> Int32? {
    index.find(SlotIndex.hash(framework, id)) {
      records[$0].framework == framework && records[$0].id == id
    }.map { Int32(truncatingIfNeeded: $0) }
  }

  /// Adds a task at the end of its slave's and its framework's list.
  ///
  /// Its framework must not have another with its id.
  @discardableResult
  mutating func add(
    _ task: consuming TaskRecord, onSlave: inout SlotList, ofFramework: inout SlotList
  ) -> Int32 {
    let hash = task.hash
    let slot = Int32(records.insert(consume task))
    if Int(slot) == onSlaves.count {
      onSlaves.append(SlotLinks())
      ofFrameworks.append(SlotLinks())
    }
    onSlave.append(slot, &onSlaves)
    ofFramework.append(slot, &ofFrameworks)
    index.insert(hash, slot: Int(slot))
    return slot
  }

  /// Takes a task out of the table and its lists.
  mutating func remove(_ slot: Int32, onSlave: inout SlotList, ofFramework: inout SlotList) {
    onSlave.remove(slot, &onSlaves)
    ofFramework.remove(slot, &ofFrameworks)
    index.remove(records[Int(slot)].hash, slot: Int(slot))
    records.remove(Int(slot))
  }

  /// The tasks of a slave, in the order of launches.
  func slots(onSlave list: SlotList) -> [Int32] { list.slots(onSlaves) }

  /// The tasks of a framework, in the order of launches.
  func slots(ofFramework list: SlotList) -> [Int32] { list.slots(ofFrameworks) }

  /// The numbers of all tasks that are tracked, in no order.
  var numbers: [TaskNumber] { records.usedSlots.map { records[$0].number } }

  /// The id of a task of a slave by its number; the newest are looked at first.
  func id(ofNumber number: TaskNumber, onSlave list: SlotList) -> TaskID? {
    var slot = list.last
    while slot >= 0 {
      if records[Int(slot)].number == number { return records[Int(slot)].id }
      slot = onSlaves[Int(slot)].previous
    }
    return nil
  }
}
