// Part of mesosim. Apache-2.0, see LICENSE.
//
// Ours against C++: prints the ratios, exits 1 when one is past its limit.

import Glibc

exit(runComparisons() ? 0 : 1)
