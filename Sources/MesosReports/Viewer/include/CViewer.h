// Part of mesosim. Apache-2.0, see LICENSE.
//
// The files of the viewer, as they stand beside this folder. They are in a target of C, whose
// compiler takes a file's bytes as they are; Swift takes a minute for them.

#ifndef MESOSIM_VIEWER_H
#define MESOSIM_VIEWER_H

struct viewer_file {
  const unsigned char *bytes;
  long count;
};

struct viewer_file viewer_html(void);
struct viewer_file viewer_css(void);
struct viewer_file viewer_core(void);
struct viewer_file viewer_charts(void);
struct viewer_file viewer_acts(void);
struct viewer_file viewer_services(void);
struct viewer_file viewer_compare(void);
struct viewer_file viewer_views(void);
struct viewer_file viewer_live(void);

#endif
