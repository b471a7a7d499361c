// Part of mesosim. Apache-2.0, see LICENSE.
//
// How simulated slaves name updates: the same in every run, and never the same twice in one. For
// the master, for slaves and for schedulers a name has no parts.

package import Mesos

extension UpdateID {
  /// The name of a slave's update of this number: a UUID of version 8, whose contents are free.
  package init(slave: SlaveIndex, number: UInt32) {
    // "mesosi" and the version, and behind the variant slave and number.
    self.init(
      high: 0x6d65_736f_7369_8000,
      low: 0x8000 << 48 ^ UInt64(UInt32(bitPattern: slave.rawValue)) << 32 | UInt64(number))
  }

  /// The number of an update that a simulated slave has named; for transcripts.
  package var number: UInt32 { UInt32(truncatingIfNeeded: low) }
}
