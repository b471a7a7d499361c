// Part of mesosim. Apache-2.0, see LICENSE.
//
// The GNU Scientific Library, as much of it as mesosim uses. GSL's generator and version globals
// are C variables, which Swift 6 refuses to read; inline accessors stand in for them.

#ifndef MESOSIM_CGSL_SHIM_H
#define MESOSIM_CGSL_SHIM_H

#if !__has_include(<gsl/gsl_rng.h>)
#error "GNU Scientific Library headers not found: run: sudo apt-get install -y libgsl-dev"
#endif

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_zeta.h>
#include <gsl/gsl_version.h>

#endif
