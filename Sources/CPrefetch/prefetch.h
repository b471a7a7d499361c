// Part of mesosim. Apache-2.0, see LICENSE.
//
// The one processor instruction that Swift has no word for. Nothing that needs a library goes in.

#ifndef MESOSIM_PREFETCH_H
#define MESOSIM_PREFETCH_H

/* Brings memory into the caches without waiting for it; any address will do. */
static inline void mesosim_prefetch(const void *address) { __builtin_prefetch(address); }

#endif
