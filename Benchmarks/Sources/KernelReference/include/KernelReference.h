// Part of mesosim. Apache-2.0, see LICENSE.
//
// C++ counterparts of the event kernel, behind C entry points. Each `_run` does as many rounds as
// told and returns a checksum of the order in which events came out.

#ifndef MESOSIM_KERNEL_REFERENCE_H
#define MESOSIM_KERNEL_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Increments of time, drawn beforehand; `count` is a power of two.
typedef struct {
  const int64_t *_Nonnull nanoseconds;
  size_t count;
} reference_increments;

/// std::priority_queue of 16-byte keys without payload: pop the least, push a later one.
void *_Nonnull reference_keys_make(reference_increments increments, size_t pending);
uint64_t reference_keys_run(void *_Nonnull load, size_t rounds);
void reference_keys_free(void *_Nonnull load);

/// A simulation: std::priority_queue of 16-byte keys beside a pool of payloads, virtual handlers.
void *_Nonnull reference_simulation_make(
    reference_increments increments, size_t pending, size_t handlers);
uint64_t reference_simulation_run(void *_Nonnull load, size_t rounds);
void reference_simulation_free(void *_Nonnull load);

#ifdef __cplusplus
}
#endif
#endif
