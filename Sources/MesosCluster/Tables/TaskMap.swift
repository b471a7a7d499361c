// Part of mesosim. Apache-2.0, see LICENSE.
//
// Something kept by task id, for the tasks of one framework; never iterated over.

import Mesos

/// Values by the ids of tasks.
struct TaskMap<Value>: ~Copyable {
  private struct Record {
    let id: TaskID
    let hash: UInt32
    var value: Value
  }

  private var records = SlotTable<Record>()
  private var index = SlotIndex()

  /// Keeps a value for a task, in place of the one before.
  mutating func insert(_ value: Value, for id: TaskID) {
    let hash = SlotIndex.hash(0, id)
    if let slot = find(id, hash) {
      records[slot].value = value
    } else {
      index.insert(hash, slot: records.insert(Record(id: id, hash: hash, value: value)))
    }
  }

  /// Takes a task's value out.
  mutating func remove(_ id: TaskID) -> Value? {
    if records.count == 0 { return nil }
    let hash = SlotIndex.hash(0, id)
    guard let slot = find(id, hash) else { return nil }
    index.remove(hash, slot: slot)
    return records.take(slot).value
  }

  private func find(_ id: TaskID, _ hash: UInt32) -> Int? {
    index.find(hash) { records[$0].id == id }
  }
}
