// Part of mesosim. Apache-2.0, see LICENSE.
//
// Counts the calls of malloc and its kin in the executable that links this, by standing in for them.

#ifndef MESOSIM_ALLOCATION_COUNTER_H
#define MESOSIM_ALLOCATION_COUNTER_H

#include <stdint.h>

/// Calls of malloc, calloc, realloc and the aligned ones since the start of the process.
uint64_t allocation_count(void);

#endif
