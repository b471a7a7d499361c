// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is drawn on canvases: the cluster as a grid of cells, and the timeline. Colours come from
// the style sheet, so that light and dark have one home.
"use strict";

(function (root) {
const M = root.Mesosim;

/** A colour of the style sheet as the number that a pixel is. */
function pixel(text) {
  const value = Number.parseInt(text.trim().slice(1), 16);
  return (0xff000000 | ((value & 255) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
}

/** A pixel between two. */
function mixed(a, b, part) {
  let result = 0xff000000;
  for (const shift of [0, 8, 16]) {
    const [x, y] = [(a >> shift) & 255, (b >> shift) & 255];
    result |= Math.round(x + (y - x) * part) << shift;
  }
  return result >>> 0;
}

/** The colours of the page, as texts and as pixels. */
class Palette {
  constructor() {
    const style = getComputedStyle(document.documentElement);
    const get = (name) => style.getPropertyValue(`--${name}`).trim();
    this.text = {};
    this.pixel = {};
    for (const name of ["paper", "card", "ink", "soft", "line", "grid", "idle", "gone", "cross", "edge", "focus", "bad"]) {
      this.text[name] = get(name);
      this.pixel[name] = pixel(get(name));
    }
    this.frameworks = Array.from({ length: 11 }, (_, index) => get(`f${index}`));
    this.frameworkPixels = this.frameworks.map(pixel);
    this.lost = mixed(this.pixel.paper, this.pixel.cross, 0.55);
    this.rim = mixed(this.pixel.edge, this.pixel.paper, 0.55);
    // Light to dark, of one hue.
    this.ramp = Array.from({ length: 64 }, (_, index) =>
      mixed(this.pixel.idle, pixel(get("f0")), 0.08 + 0.92 * index / 63));
  }

  framework(index) { return this.frameworks[index % this.frameworks.length]; }
  frameworkPixel(index) { return this.frameworkPixels[index % this.frameworkPixels.length]; }
}

/** Makes a canvas as sharp as the screen; its size in pixels of the screen and of the page. */
function fitted(canvas) {
  const ratio = Math.min(2, root.devicePixelRatio || 1);
  const [width, height] = [Math.max(1, canvas.clientWidth), Math.max(1, canvas.clientHeight)];
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) { canvas.width = w; canvas.height = h; }
  return { ratio, width, height, w, h };
}

// ---- The grid ------------------------------------------------------------------------------------

/** The cluster as cells, drawn pixel by pixel: what 50,000 cells cost does not depend on what is in them. */
class Grid {
  constructor(canvas) {
    this.canvas = canvas;
    this.layout = null;
    this.image = null;
  }

  /** Draws a state. `mode` is framework, utilization or age; `selected` is a set of slaves. */
  paint(state, groups, palette, mode, selected) {
    const size = fitted(this.canvas);
    const key = `${size.w}x${size.h}`;
    if (this.groups !== groups || this.key !== key) {
      // A margin for the ring around what is selected.
      const margin = Math.round(3 * size.ratio);
      this.layout = M.gridLayout(groups, size.w - 2 * margin, size.h - 2 * margin, Math.round(150 * size.ratio));
      for (const block of this.layout.blocks) { block.x += margin; block.y += margin; block.top += margin; }
      // Cells with room for it have their names in a head of their own, above what they are filled with.
      this.plate = this.layout.cell >= 40 * size.ratio ? Math.round(13 * size.ratio) : 0;
      this.groups = groups;
      this.key = key;
      this.ratio = size.ratio;
    }
    if (!this.image || this.image.width !== size.w || this.image.height !== size.h) {
      this.image = new ImageData(size.w, size.h);
      this.pixels = new Uint32Array(this.image.data.buffer);
      this.width = size.w;
      this.height = size.h;
    }
    this.pixels.fill(palette.pixel.paper);
    this.offered = this.offeredParts(state);
    for (const block of this.layout.blocks) {
      const { slaves } = block.group;
      for (let index = 0; index < slaves.length; index += 1) {
        const x = block.x + (index % block.columns) * this.layout.pitch;
        const y = block.y + Math.floor(index / block.columns) * this.layout.pitch;
        this.cell(state, slaves[index], x, y, this.layout.cell, palette, mode);
      }
    }
    const context = this.canvas.getContext("2d");
    context.putImageData(this.image, 0, 0);
    this.texts(context, state, palette);
    if (selected.size > 0) this.rings(context, selected, palette);
  }

  /** The part of each slave that is in offers, of the resource of which most is. */
  offeredParts(state) {
    const { log } = state;
    if (!this.parts || this.parts.length < log.slaves.length) this.parts = new Float32Array(log.slaves.length);
    const { parts } = this;
    parts.fill(0);
    state.offers.forEach((framework, first, last, shape) => {
      const sizes = log.shapeAmounts[shape];
      for (let slave = first; slave <= last; slave += 1) {
        const total = state.totalAmounts(slave);
        let most = 0;
        for (let k = 0; k < 4; k += 1) if (total[k] > 0 && sizes[k] / total[k] > most) most = sizes[k] / total[k];
        parts[slave] += most;
      }
    });
    return parts;
  }

  cell(state, slave, x, y, cell, palette, mode) {
    // Of two logs, this one has no such slave.
    if (slave < 0) return;
    if (y + cell > this.height || x + cell > this.width) return;
    if (state.up[slave] === M.ABSENT) {
      this.fill(x, y, cell, 0, cell, cell >= 5 ? palette.pixel.gone : palette.lost);
      if (cell >= 5) this.cross(x, y, cell, palette);
      return;
    }
    const used = state.utilization(slave);
    if (mode === "utilization") {
      this.fill(x, y, cell, 0, cell, used > 0 ? palette.ramp[Math.min(63, Math.floor(used * 64))] : palette.pixel.idle);
    } else if (mode === "age") {
      this.fill(x, y, cell, 0, cell, this.age(state, slave, palette));
    } else {
      this.byFramework(state, slave, x, y, cell, palette);
      const offered = Math.min(this.offered[slave], 1);
      if (offered > 0) this.hatch(x, y, cell, used, Math.min(1, used + offered), palette);
    }
    if (state.up[slave] === M.CUT_OFF) this.frame(x, y, cell, palette.pixel.cross);
    else if (cell >= 10) this.frame(x, y, cell, palette.rim);
  }

  /** Fills rows of a cell. A call for each few pixels would cost more than the pixels. */
  fill(x, y, cell, from, to, color) {
    const { pixels, width } = this;
    for (let row = y + from; row < y + to; row += 1) {
      const start = row * width + x;
      if (cell > 24) pixels.fill(color, start, start + cell);
      else for (let at = start; at < start + cell; at += 1) pixels[at] = color;
    }
  }

  /** The colour for the age of a slave's oldest task; an hour is twice as dark as a minute. */
  age(state, slave, palette) {
    const { tasks, t } = state.log;
    let first = -1;
    for (let task = state.head[slave]; task >= 0; task = state.nextTask[task]) {
      if (!tasks.isExecutor[task] && (first < 0 || tasks.launched[task] < first)) first = tasks.launched[task];
    }
    if (first < 0) return palette.pixel.idle;
    const part = Math.min(1, Math.log10(1 + (state.t - t[first]) / 1e9) / 5);
    return palette.ramp[Math.min(63, Math.floor(part * 64))];
  }

  /** From the bottom, each framework as high as its part of the scarcest resource of the slave. */
  byFramework(state, slave, x, cellTop, cell, palette) {
    const { log } = state;
    const y = cellTop + this.plate;
    const high = cell - this.plate;
    this.fill(x, y, cell, 0, high, palette.pixel.idle);
    if (state.head[slave] < 0) return;
    const total = state.totalAmounts(slave);
    let scarce = 0;
    let most = -1;
    for (let k = 0; k < 4; k += 1) {
      const part = total[k] > 0 ? state.used[k][slave] / total[k] : 0;
      if (part > most) { most = part; scarce = k; }
    }
    if (total[scarce] <= 0) return;
    if (cell >= 24) { this.blocks(state, slave, x, y, cell, high, scarce, total[scarce], palette); return; }
    // In the order of frameworks, so that colours keep their places.
    const sums = this.sums ??= [];
    let last = -1;
    for (let task = state.head[slave]; task >= 0; task = state.nextTask[task]) {
      const framework = log.tasks.framework[task];
      while (last < framework) sums[last += 1] = 0;
      sums[framework] += log.shapeAmounts[log.tasks.shape[task]][scarce];
    }
    let bottom = 0;
    for (let framework = 0; framework <= last; framework += 1) {
      if (sums[framework] <= 0) continue;
      const top = Math.min(1, bottom + sums[framework] / total[scarce]);
      const [a, b] = [high - Math.max(1, Math.round(top * high)), high - Math.round(bottom * high)];
      this.fill(x, y, cell, Math.max(0, a), b, palette.frameworkPixel(log.colors?.[framework] ?? framework));
      bottom = top;
    }
  }

  /** Where there is room, each task by itself, with a line between two. */
  blocks(state, slave, x, y, cell, high, scarce, total, palette) {
    const { tasks } = state.log;
    const list = [];
    state.forTasks(slave, (task) => list.push(task));
    list.sort((a, b) => tasks.framework[a] - tasks.framework[b] || a - b);
    let bottom = 0;
    for (const task of list) {
      const part = state.log.shapeAmounts[tasks.shape[task]][scarce] / total;
      if (part <= 0) continue;
      const [a, b] = [high - Math.round(Math.min(1, bottom + part) * high), high - Math.round(bottom * high)];
      const framework = tasks.framework[task];
      const color = palette.frameworkPixel(state.log.colors?.[framework] ?? framework);
      this.fill(x, y, cell, Math.max(0, a), b, color);
      if (b - a >= 3) this.fill(x, y, cell, Math.max(0, a), Math.max(0, a) + 1, mixed(color, palette.pixel.paper, 0.55));
      bottom += part;
    }
  }

  hatch(x, cellTop, cell, from, to, palette) {
    const { pixels, width } = this;
    const y = cellTop + this.plate;
    const high = cell - this.plate;
    const color = palette.pixel.soft;
    const [top, bottom] = [high - Math.ceil(to * high), high - Math.round(from * high)];
    const step = cell >= 12 ? 5 : 3;
    for (let row = Math.max(0, top); row < bottom; row += 1) {
      for (let column = 0; column < cell; column += 1) {
        if ((x + column + y + row) % step === 0) pixels[(y + row) * width + x + column] = color;
      }
    }
  }

  cross(x, y, cell, palette) {
    const { pixels, width } = this;
    this.frame(x, y, cell, palette.pixel.edge);
    for (let k = 1; k < cell - 1; k += 1) {
      pixels[(y + k) * width + x + k] = palette.pixel.cross;
      pixels[(y + k) * width + x + cell - 1 - k] = palette.pixel.cross;
    }
  }

  frame(x, y, cell, color) {
    const { pixels, width } = this;
    for (let k = 0; k < cell; k += 1) {
      pixels[y * width + x + k] = color;
      pixels[(y + cell - 1) * width + x + k] = color;
      pixels[(y + k) * width + x] = color;
      pixels[(y + k) * width + x + cell - 1] = color;
    }
  }

  texts(context, state, palette) {
    const { layout, ratio } = this;
    context.textBaseline = "alphabetic";
    context.font = `${11 * ratio}px system-ui, "Liberation Sans", sans-serif`;
    context.fillStyle = palette.text.soft;
    if (layout.head > 4) {
      for (const block of layout.blocks) {
        context.save();
        context.beginPath();
        context.rect(block.x, block.top, block.width, layout.head);
        context.clip();
        context.fillText(block.group.name, block.x, block.top + layout.head - 4 * ratio);
        context.restore();
      }
    }
    if (this.plate === 0) return;
    context.font = `${10 * ratio}px system-ui, "Liberation Sans", sans-serif`;
    for (const block of layout.blocks) {
      block.group.slaves.forEach((slave, index) => {
        if (slave < 0) return;
        const [x, y] = M.cellAt(layout, block, index);
        context.save();
        context.beginPath();
        context.rect(x + 1, y + 1, layout.cell - 2, this.plate - 1);
        context.clip();
        context.fillStyle = palette.text.card;
        context.fillRect(x + 1, y + 1, layout.cell - 2, this.plate - 1);
        context.fillStyle = palette.text.ink;
        context.fillText(state.log.slaves[slave], x + 3 * ratio, y + 10.5 * ratio);
        context.restore();
      });
    }
  }

  rings(context, slaves, palette) {
    const { cell } = this.layout;
    const wide = Math.max(1, Math.round((cell >= 8 || slaves.size === 1 ? 2 : 1) * this.ratio));
    context.lineWidth = wide;
    for (const block of this.layout.blocks) {
      block.group.slaves.forEach((slave, index) => {
        if (!slaves.has(slave)) return;
        const [x, y] = M.cellAt(this.layout, block, index);
        if (slaves.size === 1) {
          context.strokeStyle = palette.text.paper;
          context.strokeRect(x - wide * 1.5, y - wide * 1.5, cell + wide * 3, cell + wide * 3);
        }
        context.strokeStyle = palette.text.ink;
        context.strokeRect(x - wide / 2, y - wide / 2, cell + wide, cell + wide);
      });
    }
  }

  /** The slaves between two corners of the page's canvas. */
  slavesWithin(...corners) {
    return this.layout ? M.slavesWithin(this.layout, ...corners.map((each) => each * this.ratio)) : [];
  }

  /** The slave at a point of the page's canvas. */
  slaveAt(x, y) {
    return this.layout ? M.hitTest(this.layout, Math.floor(x * this.ratio), Math.floor(y * this.ratio)) : -1;
  }
}

// ---- The timeline --------------------------------------------------------------------------------

/** Steps between ticks, in nanoseconds. */
const STEPS = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 2e9, 5e9, 1e10, 3e10, 6e10, 12e10, 3e11, 6e11, 18e11, 36e11,
  72e11, 216e11, 432e11, 864e11, 1728e11, 6048e11, 2592e12, 7776e12];

/** Use by framework, what waits, and what happened, over time. */
class Timeline {
  constructor(canvas) {
    this.canvas = canvas;
    this.from = 0;
    this.to = 1;
    this.resource = 0;
    /** How high the strip on top is, in which dragging chooses an interval. */
    this.strip = 10;
    /** The history of another log, whose use is a line over that of the first. */
    this.other = null;
    this.otherName = "";
    /** Texts and how far from the top they stand. */
    this.labels = [];
    /** Acts that were sent from here: they may be yet to come. */
    this.marks = [];
  }

  timeAt(x) { return this.from + (this.to - this.from) * Math.max(0, Math.min(1, x / this.canvas.clientWidth)); }
  xOf(t) { return (t - this.from) / (this.to - this.from) * this.size.width; }

  /** Draws what does not move with the playhead, when that has changed, and then the playhead. */
  paint(history, palette, t, brush) {
    const size = fitted(this.canvas);
    const key = [size.w, size.h, this.from, this.to, this.resource, history.log.count, this.marks.length, this.other?.log.count, palette.text.paper].join();
    this.size = size;
    if (this.key !== key) {
      this.key = key;
      this.still ??= document.createElement("canvas");
      this.still.width = size.w;
      this.still.height = size.h;
      const context = this.still.getContext("2d");
      context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
      this.paintTracks(context, history, palette, size);
    }
    const context = this.canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, size.w, size.h);
    context.drawImage(this.still, 0, 0);
    context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
    if (brush) this.paintBrush(context, palette, size, brush);
    for (const [text, y] of this.labels) this.label(context, palette, text, 4, y + this.strip);
    if (t >= this.from && t <= this.to) {
      const x = Math.max(1, Math.min(size.width - 1, this.xOf(t)));
      context.fillStyle = palette.text.ink;
      context.fillRect(x - 0.75, 0, 1.5, size.height - 14);
      context.beginPath();
      context.moveTo(x - 5, 0);
      context.lineTo(x + 5, 0);
      context.lineTo(x, 7);
      context.fill();
    }
  }

  /** The interval that tables sum over; what is outside is paler. */
  paintBrush(context, palette, size, [from, to]) {
    const [a, b] = [this.xOf(from), this.xOf(to)].map((x) => Math.max(0, Math.min(size.width, x)));
    context.globalAlpha = 0.55;
    context.fillStyle = palette.text.card;
    context.fillRect(0, this.strip, a, size.height - 14 - this.strip);
    context.fillRect(b, this.strip, size.width - b, size.height - 14 - this.strip);
    context.globalAlpha = 1;
    context.fillStyle = palette.text.focus;
    context.fillRect(a, 0, Math.max(2, b - a), this.strip - 2);
  }

  paintTracks(context, history, palette, size) {
    const { width } = size;
    context.fillStyle = palette.text.card;
    context.fillRect(0, 0, width, size.height);
    context.fillStyle = palette.text.idle;
    context.fillRect(0, 0, width, this.strip - 2);
    context.save();
    context.translate(0, this.strip);
    this.paintPlot(context, history, palette, { ...size, height: size.height - this.strip });
    context.restore();
  }

  paintPlot(context, history, palette, size) {
    const { width } = size;
    const height = size.height - 16;
    const usesHeight = Math.round(height * 0.6);
    const waitsTop = usesHeight + 5;
    const waitsHeight = height - waitsTop - 12;
    this.paintTicks(context, palette, size, height);
    const parts = Math.max(10, Math.min(2000, Math.floor(width)));
    const { means, peaks, width: tracks } = history.tracks(this.from, this.to, parts);
    if (!tracks) return;
    const own = (tracks - 5) / 2;
    const step = width / parts;
    let capacity = 0;
    for (let part = 0; part < parts; part += 1) capacity = Math.max(capacity, peaks[part * tracks + own * 2 + 3 + this.resource]);
    const scale = capacity > 0 ? usesHeight / capacity : 0;
    const base = new Float64Array(parts);
    // Frameworks from the bottom, what is offered on top of them.
    for (let track = 0; track <= own; track += 1) {
      const index = track === own ? own * 2 + 1 + this.resource : track * 2 + this.resource;
      context.fillStyle = track === own ? palette.text.line
        : track === own - 1 ? palette.text.soft : palette.framework(track);
      context.beginPath();
      for (let part = 0; part < parts; part += 1) {
        const value = means[part * tracks + index];
        if (value <= 1e-9) continue;
        const [low, high] = [base[part], base[part] + value];
        context.rect(part * step, usesHeight - high * scale, step + 0.5, (high - low) * scale);
        base[part] = high;
      }
      context.fill();
    }
    this.line(context, palette.text.edge, parts, step, (part) =>
      usesHeight - means[part * tracks + own * 2 + 3 + this.resource] * scale + 0.5);
    if (this.other) this.paintOther(context, palette, parts, step, usesHeight, scale);
    let most = 1;
    for (let part = 0; part < parts; part += 1) most = Math.max(most, peaks[part * tracks + own * 2]);
    context.fillStyle = palette.text.bad;
    for (let part = 0; part < parts; part += 1) {
      const value = peaks[part * tracks + own * 2];
      if (value <= 0) continue;
      const high = Math.max(1, value / most * waitsHeight);
      context.fillRect(part * step, waitsTop + waitsHeight - high, step + 0.5, high);
    }
    this.labels = [
      [`${M.RESOURCES[this.resource]} in use, of ${M.amountText(capacity, M.RESOURCES[this.resource])}`
        + `${this.other ? `; the line is ${this.otherName}` : ""}`, 12],
      [`tasks waiting, up to ${M.numberText(most)}`, waitsTop + 10],
    ];
    this.paintFlags(context, history, palette, height);
  }

  /** What the other log uses in all, as a line. */
  paintOther(context, palette, parts, step, height, scale) {
    const { means, width: tracks } = this.other.tracks(this.from, this.to, parts);
    if (!tracks) return;
    const own = (tracks - 5) / 2;
    const sum = (part) => {
      let value = 0;
      for (let track = 0; track < own; track += 1) value += means[part * tracks + track * 2 + this.resource];
      return height - value * scale;
    };
    for (const [color, wide] of [[palette.text.card, 3.5], [palette.text.ink, 1.5]]) {
      context.lineWidth = wide;
      context.strokeStyle = color;
      context.beginPath();
      for (let part = 0; part < parts; part += 1) context.lineTo((part + 0.5) * step, sum(part));
      context.stroke();
    }
  }

  line(context, color, parts, step, y) {
    context.strokeStyle = color;
    context.lineWidth = 1;
    context.beginPath();
    for (let part = 0; part < parts; part += 1) {
      context.lineTo(part * step, y(part));
      context.lineTo((part + 1) * step, y(part));
    }
    context.stroke();
  }

  /** A text on a plate of its own, to be read on any colour. */
  label(context, palette, text, x, y) {
    context.font = "11px system-ui, \"Liberation Sans\", sans-serif";
    context.globalAlpha = 0.85;
    context.fillStyle = palette.text.card;
    context.fillRect(x - 3, y - 10, context.measureText(text).width + 6, 13);
    context.globalAlpha = 1;
    context.fillStyle = palette.text.ink;
    context.fillText(text, x, y);
  }

  paintTicks(context, palette, size, height) {
    const span = this.to - this.from;
    const room = Math.max(2, Math.floor(size.width / 110));
    const step = STEPS.find((each) => span / each <= room) ?? span;
    const digits = step >= 1e9 ? 0 : step >= 1e6 ? 3 : 6;
    context.font = "11px system-ui, \"Liberation Sans\", sans-serif";
    for (let t = Math.ceil(this.from / step) * step; t <= this.to; t += step) {
      const x = this.xOf(t);
      context.fillStyle = palette.text.grid;
      context.fillRect(x, 0, 1, height);
      const text = M.timeText(t, digits);
      const wide = context.measureText(text).width;
      context.fillStyle = palette.text.soft;
      context.fillText(text, Math.max(0, Math.min(size.width - wide, x - wide / 2)), size.height - 3);
    }
  }

  /** Faults and what befell masters, frameworks and slaves, as flags; one for each few pixels. */
  paintFlags(context, history, palette, height) {
    const { log } = history;
    let last = -10;
    const acts = new Set([M.KIND.fault, M.KIND.masterLost, M.KIND.operated]);
    const flags = [...Array.from(log.flags, (i) => [log.t[i], acts.has(log.kind[i])]), ...this.marks.map((mark) => [mark.t, true])]
      .sort((a, b) => a[0] - b[0]);
    for (const [t, isFault] of flags) {
      if (t < this.from || t > this.to) continue;
      const x = this.xOf(t);
      if (x - last < (isFault ? 2 : 5)) continue;
      last = x;
      context.fillStyle = isFault ? palette.text.cross : palette.text.edge;
      context.fillRect(x - 0.5, height - 10, 1, 10);
      context.beginPath();
      context.moveTo(x, height - 10);
      context.lineTo(x + 7, height - 7);
      context.lineTo(x, height - 4);
      context.fill();
    }
  }

  zoom(factor, at, end) {
    const span = Math.max(1000, Math.min(end || 1, (this.to - this.from) * factor));
    const part = (at - this.from) / (this.to - this.from || 1);
    this.from = Math.max(0, Math.min((end || 1) - span, at - part * span));
    this.to = this.from + span;
  }

  /** Moves so that an instant can be seen. */
  follow(t, end) {
    if (t >= this.from && t <= this.to) return;
    const span = this.to - this.from;
    this.from = Math.max(0, Math.min(Math.max(0, end - span), t - span * 0.3));
    this.to = this.from + span;
  }
}

// ---- Differences ---------------------------------------------------------------------------------

/** A strip of what two clusters differ in: a column for each slave, up where the first uses more. */
function paintDifferences(canvas, values, palette) {
  const { ratio, width, height } = fitted(canvas);
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = palette.text.card;
  context.fillRect(0, 0, width, height);
  const middle = height / 2;
  const columns = Math.min(values.length, Math.floor(width));
  for (let column = 0; column < columns; column += 1) {
    // Of many slaves in a column, the most each way.
    let [up, down] = [0, 0];
    const end = Math.max(Math.floor(column * values.length / columns) + 1, Math.floor((column + 1) * values.length / columns));
    for (let k = Math.floor(column * values.length / columns); k < end; k += 1) {
      up = Math.max(up, values[k]);
      down = Math.min(down, values[k]);
    }
    const [x, wide] = [column * width / columns, Math.max(1, width / columns - (width / columns > 6 ? 1 : 0))];
    context.fillStyle = palette.frameworks[0];
    context.fillRect(x, middle - up * middle, wide, up * middle);
    context.fillStyle = palette.frameworks[1];
    context.fillRect(x, middle, wide, -down * middle);
  }
  context.fillStyle = palette.text.edge;
  context.fillRect(0, middle - 0.5, width, 1);
}

root.MesosimCharts = { Palette, Grid, Timeline, paintDifferences };
})(globalThis);
