// Part of mesosim. Apache-2.0, see LICENSE.
"use strict";
