// Part of mesosim. Apache-2.0, see LICENSE.
//
// The server's command line; everything belongs to MesosServer.

import MesosServer

ServerProgram.main()
