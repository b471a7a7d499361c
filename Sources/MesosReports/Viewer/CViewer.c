// Part of mesosim. Apache-2.0, see LICENSE.
//
// See CViewer.h.

#include "CViewer.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char html[] = {
#embed "viewer.html"
};
static const unsigned char css[] = {
#embed "viewer.css"
};
static const unsigned char core[] = {
#embed "core.js"
};
static const unsigned char charts[] = {
#embed "charts.js"
};
static const unsigned char acts[] = {
#embed "acts.js"
};
static const unsigned char services[] = {
#embed "services.js"
};
static const unsigned char compare[] = {
#embed "compare.js"
};
static const unsigned char views[] = {
#embed "views.js"
};
static const unsigned char live[] = {
#embed "live.js"
};

struct viewer_file viewer_html(void) { return (struct viewer_file){html, sizeof html}; }
struct viewer_file viewer_css(void) { return (struct viewer_file){css, sizeof css}; }
struct viewer_file viewer_core(void) { return (struct viewer_file){core, sizeof core}; }
struct viewer_file viewer_charts(void) { return (struct viewer_file){charts, sizeof charts}; }
struct viewer_file viewer_acts(void) { return (struct viewer_file){acts, sizeof acts}; }
struct viewer_file viewer_services(void) {
  return (struct viewer_file){services, sizeof services};
}
struct viewer_file viewer_compare(void) { return (struct viewer_file){compare, sizeof compare}; }
struct viewer_file viewer_views(void) { return (struct viewer_file){views, sizeof views}; }
struct viewer_file viewer_live(void) { return (struct viewer_file){live, sizeof live}; }
