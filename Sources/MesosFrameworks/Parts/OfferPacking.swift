// Part of mesosim. Apache-2.0, see LICENSE.
//
// One offer while it is being filled with tasks. Which tasks go into it is the framework's choice,
// not made here.

package import Mesos

/// An offer, what is left of it, and the tasks that are to be launched on it.
package struct OfferPacking {
  /// The offer.
  package let offer: Offer
  /// What the tasks so far leave over.
  package private(set) var remainder: Resources
  /// The tasks so far.
  package private(set) var tasks: [TaskInfo] = []

  /// Begins with all of an offer left.
  package init(_ offer: Offer) {
    self.offer = offer
    remainder = offer.resources
  }

  /// Adds a task, which must fit into what is left.
  package mutating func add(_ task: TaskInfo) {
    remainder -= task.resources
    tasks.append(task)
  }

  /// Launches the tasks, or declines the offer when there are none; what is not used stays away as
  /// `refusal` says.
  package func answer(_ driver: any SchedulerDriver, refusal: Filters) {
    if tasks.isEmpty {
      driver.declineOffer(offer.id, filters: refusal)
    } else {
      driver.launchTasks([offer.id], tasks, filters: refusal)
    }
  }
}

extension Resources {
  /// How many times `shape` fits, at most `max`.
  package func count(of shape: Resources, max: Int) -> Int {
    var rest = self
    var count = 0
    while count < max, !shape.isEmpty, rest.contains(shape) {
      rest -= shape
      count += 1
    }
    return count
  }
}
