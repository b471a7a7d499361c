// Part of mesosim. Apache-2.0, see LICENSE.
//
// Feeds the page from the server that it came from, and tells the server what is to be done.
"use strict";

(function (root) {
const { MesosimPage } = root;
const BASE = "mesosim/v1/";
const encoder = new TextEncoder();

/** What the page knows of the server; `null` where there is none. */
const live = {
  /** How the run is going, as `GET mesosim/v1/run` says it; `null` until it is known. */
  status: null,
  /** From which instant on the page was there. */
  since: undefined,
  isConnected: false,

  /** Asks the server to do something; its answer, whatever it is. */
  async post(path, object) {
    try {
      const answer = await fetch(BASE + path, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(object),
      });
      return { ok: answer.ok, status: answer.status, text: await answer.text() };
    } catch (error) {
      return { ok: false, status: 0, text: `the server does not answer: ${error.message}` };
    }
  },
};

let feed = null;
let last = "";
let source = null;

function put(event) {
  if (event.lastEventId) last = event.lastEventId;
  feed?.(encoder.encode(`${event.data}\n`));
}

function connect() {
  source = new EventSource(`${BASE}events${last ? `?from=${encodeURIComponent(last)}` : ""}`);
  source.addEventListener("open", () => { live.isConnected = true; MesosimPage.change(); });
  source.addEventListener("begin", () => {
    live.since = undefined;
    feed = MesosimPage.begin(location.host);
  });
  source.addEventListener("batch", put);
  source.addEventListener("keyframe", put);
  source.addEventListener("thinned", (event) => {
    put(event);
    MesosimPage.say("Thinned: there was more than could be shown, so some records are left out here.");
  });
  source.addEventListener("run", (event) => {
    live.status = JSON.parse(event.data);
    live.since ??= live.status.now;
    MesosimPage.change();
  });
  source.addEventListener("error", () => {
    live.isConnected = false;
    MesosimPage.change();
    // A browser comes back by itself unless the answer was none of its liking.
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(connect, 2000);
  });
}

MesosimPage.live = live;
connect();
})(globalThis);
