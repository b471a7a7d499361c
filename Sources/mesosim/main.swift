// Part of mesosim. Apache-2.0, see LICENSE.
//
// The command line with nothing registered. Commands belong to MesosCommands.

import MesosCommands

Mesosim.main()
