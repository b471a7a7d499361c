// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the signatures here need from elsewhere, so that a framework imports `Mesos` and nothing
// else: instants, and durations in seconds.

@_exported public import VirtualTime
