// Part of mesosim. Apache-2.0, see LICENSE.
//
// The registry of our frameworks: a new one is one more name here, and nothing else outside its own
// folder.

extension FrameworkDescriptor {
  /// The types of framework that ship with mesosim, in the order in which they are listed.
  public static let shipped: [FrameworkDescriptor] = [
    .batch, .service, .test, .noExecutor, .longLived, .loadGenerator, .balloon, .persistentVolume,
    .dynamicReservation, .marathon, .aurora, .kafka,
  ]
}
