// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which job gets the next task, found without looking at all of them.

import Mesos

/// The jobs that have a task to launch: gangs by age, the others by running tasks and age.
struct WaitingJobs {
  /// One for each need and rules that tasks have had, of gangs and of others; a trace may bring
  /// thousands of needs.
  private var heaps: [JobHeap] = []
  private var heapNumbers: [Key: Int] = [:]
  /// The heaps in which a gang waits, and those in which another job does.
  private var occupied = (byGangs: [Int](), byOthers: [Int]())

  private struct Key: Hashable {
    let need: TaskNeed
    let rules: PlacementRules?
    let isGang: Bool
  }

  /// The oldest job that waits to start a gang.
  ///
  /// - Complexity: O(needs of gangs that wait).
  var oldestGang: ActiveJob? {
    var oldest: ActiveJob?
    for number in occupied.byGangs {
      guard let first = heaps[number].first else { continue }
      if oldest.map({ first.order < $0.order }) ?? true { oldest = first }
    }
    return oldest
  }

  /// The jobs that may be able to start a gang with some resources, the oldest first.
  ///
  /// - Parameter room: For how many tasks of a need the resources suffice; it is asked once a need.
  /// - Returns: Those of which all tasks have room.
  /// - Complexity: O(gangs), and a sort of those there is room for.
  func gangs(fitting room: (TaskNeed) -> Int) -> [ActiveJob] {
    var fitting: [ActiveJob] = []
    for number in occupied.byGangs {
      guard let need = heaps[number].first?.need else { continue }
      let room = room(need)
      if room > 0 { fitting += heaps[number].jobs.filter { $0.runnableCount <= room } }
    }
    return fitting.sorted { $0.order < $1.order }
  }

  /// Whether a task of some gang may use an offer.
  ///
  /// - Complexity: O(needs of gangs that wait + gangs with constraints).
  func hasGang(fitting offer: Offer) -> Bool {
    occupied.byGangs.contains { number in
      guard let first = heaps[number].first, first.need.fits(into: offer.resources) else {
        return false
      }
      return first.placement == nil || heaps[number].jobs.contains { $0.mayUse(offer) }
    }
  }

  /// Whether a task of some gang may use an offer of these resources, if it is of the right slave.
  ///
  /// - Complexity: O(needs of gangs that wait).
  func hasGang(fitting resources: Resources) -> Bool {
    occupied.byGangs.contains { heaps[$0].first?.need.fits(into: resources) ?? false }
  }

  /// Whether a task of some other job may use an offer of these resources, if it is of the right
  /// slave.
  ///
  /// - Complexity: O(needs of others that wait).
  func hasJob(fitting resources: Resources) -> Bool {
    occupied.byOthers.contains { heaps[$0].first?.need.fits(into: resources) ?? false }
  }

  var hasGangs: Bool { !occupied.byGangs.isEmpty }

  var isEmpty: Bool { occupied.byGangs.isEmpty && occupied.byOthers.isEmpty }

  /// Takes note of a job of which something has changed that matters here.
  ///
  /// - Complexity: O(log jobs).
  mutating func update(_ job: ActiveJob) {
    var heap: Int?
    if job.hasRunnable, !job.isAbandoned {
      // A job waits with one stage at a time, so the need of what is in a heap rarely changes.
      heap = job.isMixed ? heapNumber(for: job) : job.place?.heap ?? heapNumber(for: job)
    }
    if let place = job.place, place.heap == heap {
      return heaps[place.heap].settle(at: place.position)
    }
    if let place = job.place {
      heaps[place.heap].remove(at: place.position)
      job.place = nil
      if heaps[place.heap].first == nil { noteEmpty(place.heap) }
    }
    guard let heap else { return }
    if heaps[heap].first == nil { noteOccupied(heap) }
    heaps[heap].insert(job, as: heap)
  }

  /// The job with the fewest running tasks, the oldest of equals, that has a task which fits into
  /// what is left of an offer and may go to its slave.
  ///
  /// - Complexity: O(needs that wait + jobs with constraints that depend on where their other tasks
  ///   are).
  func neediest(fitting remainder: Resources, of offer: Offer) -> ActiveJob? {
    var best: ActiveJob?
    for number in occupied.byOthers {
      let heap = heaps[number]
      guard let first = heap.first, first.need.fits(into: remainder),
        let job = first.placement == nil ? first : heap.neediest(for: Location(of: offer))
      else { continue }
      if best.map(job.isNeedier) ?? true { best = job }
    }
    return best
  }

  private mutating func noteEmpty(_ heap: Int) {
    if heaps[heap].isOfGangs {
      occupied.byGangs.removeAll { $0 == heap }
    } else {
      occupied.byOthers.removeAll { $0 == heap }
    }
  }

  private mutating func noteOccupied(_ heap: Int) {
    if heaps[heap].isOfGangs {
      occupied.byGangs.append(heap)
    } else {
      occupied.byOthers.append(heap)
    }
  }

  private mutating func heapNumber(for job: ActiveJob) -> Int {
    let key = Key(need: job.need, rules: job.placement?.rules, isGang: job.isGang)
    if let known = heapNumbers[key] { return known }
    heaps.append(JobHeap(isOfGangs: job.isGang))
    heapNumbers[key] = heaps.count - 1
    return heaps.count - 1
  }
}

/// A binary heap with the neediest job on top; each job knows its place.
private struct JobHeap {
  /// Whether its jobs wait to start a gang.
  let isOfGangs: Bool
  private(set) var jobs: [ActiveJob] = []

  init(isOfGangs: Bool) { self.isOfGangs = isOfGangs }

  var first: ActiveJob? { jobs.first }

  /// The neediest job of which a task may go there; all have the same rules.
  func neediest(for location: Location) -> ActiveJob? {
    guard let first, let placement = first.placement else { return first }
    if !placement.rules.dependOnOthers { return placement.accepts(location) ? first : nil }
    return jobs.filter { $0.placement?.accepts(location) ?? true }.min { $0.isNeedier(than: $1) }
  }

  mutating func insert(_ job: ActiveJob, as heap: Int) {
    job.place = (heap, jobs.count)
    jobs.append(job)
    settle(at: jobs.count - 1)
  }

  mutating func remove(at position: Int) {
    swap(position, jobs.count - 1)
    jobs.removeLast()
    if position < jobs.count { settle(at: position) }
  }

  /// Moves the job at a position up or down to where it belongs.
  mutating func settle(at start: Int) {
    var position = start
    while position > 0, jobs[position].isNeedier(than: jobs[(position - 1) / 2]) {
      swap(position, (position - 1) / 2)
      position = (position - 1) / 2
    }
    while let child = neediestChild(of: position), jobs[child].isNeedier(than: jobs[position]) {
      swap(position, child)
      position = child
    }
  }

  private func neediestChild(of position: Int) -> Int? {
    let left = 2 * position + 1
    guard left + 1 < jobs.count else { return left < jobs.count ? left : nil }
    return jobs[left + 1].isNeedier(than: jobs[left]) ? left + 1 : left
  }

  private mutating func swap(_ one: Int, _ other: Int) {
    jobs.swapAt(one, other)
    jobs[one].place?.position = one
    jobs[other].place?.position = other
  }
}
