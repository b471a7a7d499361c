// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a slave has fetched before: files in a cache of limited size, the least recently used of
// which go first (Mesos: `slave/containerizer/fetcher.cpp`), and images, which stay.

import VirtualTime

/// Files and images on a slave.
struct FileCache {
  private struct Entry {
    let name: String
    let size: Int64
    var isImage: Bool
    /// When it is there; who needs it earlier waits for the same copy.
    var arrival: Instant
    var lastUse: Instant
  }

  private var entries: [Entry] = []

  /// When something is here that is or was on its way here; `nil` when it is not.
  mutating func arrival(of name: String, isImage: Bool, at now: Instant) -> Instant? {
    guard let place = entries.firstIndex(where: { $0.name == name && $0.isImage == isImage })
    else { return nil }
    entries[place].lastUse = now
    return entries[place].arrival
  }

  /// Keeps something that arrives then; sizes in thousandths of a MB.
  mutating func keep(
    _ name: String, isImage: Bool, size: Int64, arrival: Instant, limit: Int64, at now: Instant
  ) {
    entries.removeAll { $0.name == name && $0.isImage == isImage }
    if !isImage {
      guard size <= limit else { return }
      var used = entries.reduce(Int64(0)) { $0 + ($1.isImage ? 0 : $1.size) }
      while used + size > limit, let oldest = oldestFile() {
        used -= entries[oldest].size
        entries.remove(at: oldest)
      }
    }
    entries.append(
      Entry(name: name, size: size, isImage: isImage, arrival: arrival, lastUse: now))
  }

  /// The cache is emptied when a slave's process starts; images are not the slave's.
  mutating func removeFiles() { entries.removeAll { !$0.isImage } }

  private func oldestFile() -> Int? {
    entries.indices.filter { !entries[$0].isImage }
      .min { entries[$0].lastUse < entries[$1].lastUse }
  }
}
