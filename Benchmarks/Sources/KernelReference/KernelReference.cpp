// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a C++ programmer would write with the standard library, and write well: keys as small as ours,
// nothing allocated per event, payloads in a pool.

#include "KernelReference.h"

#include <memory>
#include <queue>
#include <vector>

namespace {

struct Key {
  int64_t instant;
  uint64_t order;
};

struct Later {
  bool operator()(const Key &a, const Key &b) const {
    return a.instant != b.instant ? a.instant > b.instant : a.order > b.order;
  }
};

using LeastFirst = std::priority_queue<Key, std::vector<Key>, Later>;

/// Takes increments from the table in turn.
class Increments {
 public:
  explicit Increments(reference_increments table)
      : nanoseconds(table.nanoseconds), mask(table.count - 1) {}
  int64_t next() { return nanoseconds[position++ & mask]; }

 private:
  const int64_t *nanoseconds;
  size_t mask;
  size_t position = 0;
};

inline uint64_t checksum(uint64_t sum, int64_t instant) {
  return sum * 31 + static_cast<uint64_t>(instant);
}

struct KeyLoad {
  Increments increments;
  LeastFirst queue;
  uint64_t sequence = 1;
};

class Handler {
 public:
  virtual ~Handler() = default;
  virtual void handle(uint32_t code, uint64_t word, int64_t now) = 0;
};

class Simulation {
 public:
  uint32_t add(std::unique_ptr<Handler> handler) {
    handlers.push_back(std::move(handler));
    return static_cast<uint32_t>(handlers.size() - 1);
  }

  void schedule(int64_t instant, uint32_t handler, uint32_t code, uint64_t word) {
    uint32_t slot;
    if (firstFree >= 0) {
      slot = static_cast<uint32_t>(firstFree);
      firstFree = static_cast<int64_t>(slots[slot].word);
    } else {
      slot = static_cast<uint32_t>(slots.size());
      slots.emplace_back();
    }
    slots[slot] = Payload{handler, code, word};
    queue.push(Key{instant, sequence++ << 24 | slot});
  }

  bool step() {
    if (queue.empty()) return false;
    const Key key = queue.top();
    queue.pop();
    const uint32_t slot = key.order & 0xffffff;
    const Payload payload = slots[slot];
    slots[slot].word = static_cast<uint64_t>(firstFree);
    firstFree = slot;
    now = key.instant;
    handlers[payload.handler]->handle(payload.code, payload.word, now);
    return true;
  }

  int64_t now = 0;

 private:
  struct Payload {
    uint32_t handler;
    uint32_t code;
    uint64_t word;
  };
  LeastFirst queue;
  std::vector<Payload> slots;
  int64_t firstFree = -1;
  uint64_t sequence = 1;
  std::vector<std::unique_ptr<Handler>> handlers;
};

/// What all handlers of a load share.
struct SimulationLoad {
  Increments increments;
  Simulation simulation;
  uint64_t sum = 0;
};

class Repeater final : public Handler {
 public:
  Repeater(SimulationLoad &load, uint32_t self) : load(load), self(self) {}
  void handle(uint32_t code, uint64_t word, int64_t now) override {
    handled += 1;
    load.sum = checksum(load.sum, now);
    load.simulation.schedule(now + load.increments.next(), self, code, word);
  }

 private:
  SimulationLoad &load;
  uint32_t self;
  uint64_t handled = 0;
};

}  // namespace

void *reference_keys_make(reference_increments increments, size_t pending) {
  auto *load = new KeyLoad{Increments(increments), {}};
  for (size_t index = 0; index < pending; index += 1)
    load->queue.push(Key{load->increments.next(), load->sequence++ << 24 | index});
  return load;
}

uint64_t reference_keys_run(void *opaque, size_t rounds) {
  auto &load = *static_cast<KeyLoad *>(opaque);
  uint64_t sum = 0;
  for (size_t round = 0; round < rounds; round += 1) {
    const Key key = load.queue.top();
    load.queue.pop();
    sum = checksum(sum, key.instant);
    load.queue.push(
        Key{key.instant + load.increments.next(), load.sequence++ << 24 | (key.order & 0xffffff)});
  }
  return sum;
}

void reference_keys_free(void *load) { delete static_cast<KeyLoad *>(load); }

void *reference_simulation_make(
    reference_increments increments, size_t pending, size_t handlers) {
  auto *load = new SimulationLoad{Increments(increments), {}};
  for (size_t index = 0; index < handlers; index += 1)
    load->simulation.add(std::make_unique<Repeater>(*load, static_cast<uint32_t>(index)));
  for (size_t index = 0; index < pending; index += 1)
    load->simulation.schedule(
        load->increments.next(), static_cast<uint32_t>(index % handlers), 7, index);
  return load;
}

uint64_t reference_simulation_run(void *opaque, size_t rounds) {
  auto &load = *static_cast<SimulationLoad *>(opaque);
  for (size_t round = 0; round < rounds; round += 1) load.simulation.step();
  return load.sum;
}

void reference_simulation_free(void *load) { delete static_cast<SimulationLoad *>(load); }
