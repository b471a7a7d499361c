// Part of mesosim. Apache-2.0, see LICENSE.
//
// What can happen in a random cluster.

import Mesos
import MesosAllocation
import VirtualTime

extension AllocatorStream {
  mutating func act() {
    let framework = random.below(AllocatorStream.frameworkCount)
    switch random.below(100) {
    case 0..<15: addSlave(random.below(AllocatorStream.slaveCount))
    case 15..<18: removeSlave(random.below(AllocatorStream.slaveCount))
    case 18..<32: if !isPresent[framework] { addFramework(framework) }
    case 32..<35: if isPresent[framework] { removeFramework(framework) }
    case 35..<55: decline()
    case 55..<72: launch()
    case 72..<84: finish()
    case 84..<88: if isPresent[framework] { suppress(framework) }
    case 88..<93: if isPresent[framework] { revive(framework) }
    case 93..<96: if isPresent[framework], isActive[framework] { deactivate(framework) }
    default: if isPresent[framework], !isActive[framework] { activate(framework) }
    }
  }

  // MARK: Slaves

  private mutating func addSlave(_ slave: Int) {
    guard totals[slave] == nil else { return }
    var total = Resources(cpus: Double(1 + random.below(4)), mem: Double(500 + random.below(3000)))
    // Who has no framework for it cannot be offered it: nothing is reserved where all must go out.
    if law != .conservesResources, random.chance(40) {
      let role = AllocatorStream.roles[random.below(AllocatorStream.roles.count)]
      total += Resources(cpus: 1, mem: 200).pushing(Reservation(.fixed, role: role))
    }
    totals[slave] = total
    log.append("\(now) addSlave \(slave) \(total.entries)")
    told.allocator.addSlave(
      SlaveIndex(slave),
      SlaveEntry(id: SlaveID("s\(slave)"), hostname: "h\(slave)", total: total), at: now)
  }

  private mutating func removeSlave(_ slave: Int) {
    guard totals[slave] != nil else { return }
    totals[slave] = nil
    offers.removeAll { Int($0.slave) == slave }
    tasks.removeAll { Int($0.slave) == slave }
    refusals.removeAll { Int($0.offer.slave) == slave }
    log.append("\(now) removeSlave \(slave)")
    told.allocator.removeSlave(SlaveIndex(slave), at: now)
  }

  // MARK: Frameworks

  mutating func addFramework(_ index: Int) {
    isPresent[index] = true
    isActive[index] = true
    isSuppressed[index] = false
    log.append("\(now) addFramework \(index)")
    let entry = FrameworkEntry(
      id: FrameworkID("f\(index)"), name: "f\(index)", roles: [AllocatorStream.role(of: index)])
    told.allocator.addFramework(FrameworkIndex(index), entry, at: now)
  }

  private mutating func removeFramework(_ index: Int) {
    endOffers(of: index)
    for task in tasks where Int(task.framework) == index {
      told.finish(task.resources, of: task, at: now)
    }
    tasks.removeAll { Int($0.framework) == index }
    refusals.removeAll { Int($0.offer.framework) == index }
    isPresent[index] = false
    isActive[index] = false
    log.append("\(now) removeFramework \(index)")
    told.allocator.removeFramework(FrameworkIndex(index), at: now)
  }

  private mutating func endOffers(of index: Int) {
    for offer in offers where Int(offer.framework) == index {
      told.end(offer.resources, of: offer, refusedFor: nil, at: now)
    }
    offers.removeAll { Int($0.framework) == index }
  }

  private mutating func suppress(_ index: Int) {
    isSuppressed[index] = true
    log.append("\(now) suppress \(index)")
    told.allocator.suppress(FrameworkIndex(index), roles: [], at: now)
  }

  mutating func revive(_ index: Int) {
    // Mesos makes offers to an inactive framework that revives; a master does not let it.
    guard isActive[index] else { return }
    isSuppressed[index] = false
    refusals.removeAll { Int($0.offer.framework) == index }
    log.append("\(now) revive \(index)")
    told.allocator.revive(FrameworkIndex(index), roles: [], at: now)
  }

  private mutating func deactivate(_ index: Int) {
    isActive[index] = false
    refusals.removeAll { Int($0.offer.framework) == index }
    log.append("\(now) deactivate \(index)")
    told.allocator.deactivateFramework(FrameworkIndex(index), at: now)
    endOffers(of: index)
  }

  mutating func activate(_ index: Int) {
    isActive[index] = true
    log.append("\(now) activate \(index)")
    told.allocator.activateFramework(FrameworkIndex(index), at: now)
  }

  // MARK: Offers and tasks

  private mutating func decline() {
    guard !offers.isEmpty else { return }
    let offer = offers.remove(at: random.below(offers.count))
    let seconds: Double? = [nil, 0, 1, 2, 5, 30][random.below(6)]
    log.append("\(now) decline f\(offer.framework) s\(offer.slave) \(seconds ?? -1)")
    if let seconds, seconds > 0 {
      refusals.append(Refusal(offer: offer, end: now + .seconds(seconds)))
    }
    told.end(offer.resources, of: offer, refusedFor: seconds, at: now)
  }

  private mutating func launch() {
    guard !offers.isEmpty else { return }
    let offer = offers.remove(at: random.below(offers.count))
    let part =
      random.chance(50) ? offer.resources : offer.resources.find(Resources(cpus: 1, mem: 64))
    let inUse = tasks.filter { $0.slave == offer.slave }
      .reduce(Resources()) { $0 + $1.resources }
    guard let part, let total = totals[offer.slave], (total - inUse).contains(part) else {
      return told.end(offer.resources, of: offer, refusedFor: nil, at: now)
    }
    log.append("\(now) launch f\(offer.framework) s\(offer.slave) \(part.entries)")
    var task = offer
    task.resources = part
    tasks.append(task)
    told.launch(part, from: offer, at: now)
    told.end(offer.resources - part, of: offer, refusedFor: nil, at: now)
  }

  private mutating func finish() {
    guard !tasks.isEmpty else { return }
    let task = tasks.remove(at: random.below(tasks.count))
    log.append("\(now) finish f\(task.framework) s\(task.slave)")
    told.finish(task.resources, of: task, at: now)
  }
}
