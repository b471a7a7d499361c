// Part of mesosim. Apache-2.0, see LICENSE.

import MesosCommands

Mesosim.main()
