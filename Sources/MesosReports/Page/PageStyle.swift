// Part of mesosim. Apache-2.0, see LICENSE.
//
// How the page looks: light and dark, wide and narrow. Colours of allocators are told apart by
// people who see colours differently, and every allocator has a shape beside its colour.

enum PageStyle {
  static let text = """
    :root {
      color-scheme: light dark;
      --paper: #fcfcfb; --card: #ffffff; --ink: #16191d; --soft: #5a626b; --line: #e2e4e7;
      --grid: #e9ebee; --good: #00694f; --bad: #a93c00;
      --s0: #868d95; --s0-fill: #d9dcdf; --s1: #0a63a8; --s2: #c24a00; --s3: #00795c;
      --s4: #9b3f88; --s5: #7d6200; --s6: #c2185b; --s7: #00809c; --s8: #5b3fb5;
      --s9: #4a7300; --s10: #8c4a2f; --s11: #3a4f63;
      --used: #0a63a8; --offered: #8dbfe3; --blocked: #d4550b; --unwanted: #e4e6e9;
      --on-used: #ffffff; --on-offered: #10283a; --on-blocked: #ffffff; --on-unwanted: #4a525b;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #14171a; --card: #1b1f23; --ink: #e9ebee; --soft: #a0a8b1; --line: #2e343a;
        --grid: #2a3036; --good: #4fd1a5; --bad: #ff9a5c;
        --s0: #8d959e; --s0-fill: #3b4249; --s1: #5ab4f0; --s2: #ff8f4a; --s3: #3ccba0;
        --s4: #e28fd0; --s5: #dcbc3f; --s6: #ff7aa8; --s7: #5fd3ea; --s8: #ab9bff;
        --s9: #a9d65f; --s10: #d9a07c; --s11: #c3d0da;
        --used: #3f96d6; --offered: #1f4e73; --blocked: #f07f33; --unwanted: #343a41;
        --on-used: #08131c; --on-offered: #d5e8f7; --on-blocked: #1d0d02; --on-unwanted: #b9c0c8;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans",
        "Liberation Sans", Arial, sans-serif;
      font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%;
    }
    main { max-width: 66rem; margin: 0 auto; padding: clamp(1.25rem, 5vw, 3.5rem) clamp(1rem, 4vw, 2.5rem); }
    header { margin-bottom: 3rem; }
    .scenario { color: var(--soft); font-size: .875rem; margin: 0 0 .6rem; overflow-wrap: anywhere; }
    h1 { font-size: 1.125rem; line-height: 1.4; font-weight: 500; color: var(--soft); margin: 0 0 .5rem; overflow-wrap: anywhere; }
    .notes { color: var(--soft); font-size: .875rem; margin: 0 0 .75rem; max-width: 44rem; overflow-wrap: anywhere; }
    .answer {
      font-size: clamp(1.35rem, 1rem + 1.9vw, 2rem); line-height: 1.25; font-weight: 650;
      letter-spacing: -.011em; margin: 0 0 1.1rem; text-wrap: balance; overflow-wrap: anywhere;
    }
    .partial { margin: 0 0 .6rem; font-weight: 600; }
    .remark { margin: 0 0 .35rem; max-width: 44rem; overflow-wrap: anywhere; }
    .warning { color: var(--bad); }
    .facts { display: flex; flex-wrap: wrap; gap: .75rem 2.25rem; margin: 1.75rem 0 0; padding: 0; }
    .facts div { display: flex; flex-direction: column-reverse; }
    .facts dt { color: var(--soft); font-size: .8125rem; }
    .facts dd { margin: 0; font-weight: 600; font-size: 1.0625rem; }
    section { border-top: 1px solid var(--line); padding-top: 1.5rem; margin-top: 2.75rem; }
    h2 { font-size: 1.25rem; line-height: 1.3; font-weight: 650; margin: 0 0 .3rem; letter-spacing: -.005em; }
    h3 { font-size: .9375rem; font-weight: 600; margin: 0; overflow-wrap: anywhere; }
    .lead { color: var(--soft); margin: 0 0 1.25rem; max-width: 44rem; }
    .prose { max-width: 44rem; margin: 0 0 1.25rem; overflow-wrap: anywhere; }
    bdi { overflow-wrap: anywhere; }
    svg { display: block; overflow: visible; }
    .place { overflow: visible; }
    .grid { stroke: var(--grid); stroke-width: 1; }
    .tick { fill: var(--soft); font-size: 12px; stroke: var(--paper); stroke-width: 3px; paint-order: stroke; stroke-linejoin: round; }
    .s0 { --c: var(--s0); } .s1 { --c: var(--s1); } .s2 { --c: var(--s2); }
    .s3 { --c: var(--s3); } .s4 { --c: var(--s4); } .s5 { --c: var(--s5); }
    .s6 { --c: var(--s6); } .s7 { --c: var(--s7); } .s8 { --c: var(--s8); }
    .s9 { --c: var(--s9); } .s10 { --c: var(--s10); } .s11 { --c: var(--s11); }
    .curve.s2 { stroke-dasharray: 9 3; } .curve.s3 { stroke-dasharray: 3 3; }
    .curve.s4 { stroke-dasharray: 9 3 2 3; } .curve.s5 { stroke-dasharray: 14 4; }
    .curve.s6 { stroke-dasharray: 6 2 2 2 2 2; } .curve.s7 { stroke-dasharray: 1 3; }
    .curve.s8 { stroke-dasharray: 5 5; } .curve.s9 { stroke-dasharray: 12 3 3 3; }
    .curve.s10 { stroke-dasharray: 2 5; } .curve.s11 { stroke-dasharray: 7 2 1 2; }
    .mark { fill: var(--c); stroke: var(--paper); stroke-width: 1.5; paint-order: stroke; }
    .range { stroke: var(--c); stroke-width: 3; opacity: .38; }
    .median { stroke: var(--c); stroke-width: 2; opacity: .75; }
    .curve { fill: none; stroke: var(--c); stroke-width: 2; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
    .fill { fill: var(--s0-fill); }
    .key { display: inline-block; vertical-align: -2px; margin-right: .4rem; flex: none; }
    .legend { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; font-size: .875rem; color: var(--soft); margin: 0 0 1rem; }
    .rows { display: grid; grid-template-columns: minmax(6rem, 10.5rem) minmax(10rem, 1fr) 25.5rem; column-gap: 1.5rem; font-size: .875rem; }
    .row, .rows .head { display: grid; grid-template-columns: subgrid; grid-column: 1 / -1; }
    .row { border-top: 1px solid var(--line); padding: .5rem 0; align-items: start; }
    .rows .head { color: var(--soft); font-size: .8125rem; padding-bottom: .25rem; align-items: end; }
    .row h3 { font-size: .875rem; line-height: 22px; }
    .lanes { display: grid; grid-template-columns: minmax(0, 1fr) 4rem 4rem 6.5rem; column-gap: .5rem; line-height: 22px; }
    .lane { display: grid; grid-template-columns: subgrid; grid-column: 1 / -1; text-align: right; }
    .lane .who { display: flex; align-items: center; min-width: 0; text-align: left; }
    .lane .who bdi { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .lane .mean { font-weight: 600; }
    .lane .note { white-space: nowrap; }
    .lane .absent { grid-column: 2 / -1; text-align: left; color: var(--soft); }
    .sooner { color: var(--good); font-weight: 600; } .later { color: var(--bad); font-weight: 600; }
    .quiet { color: var(--soft); }
    .minis { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 1.75rem 2rem; }
    figure { margin: 0; min-width: 0; }
    .minis figure { display: grid; grid-template-rows: 1fr auto; }
    figcaption { font-size: .8125rem; color: var(--soft); }
    figcaption h3 { color: var(--ink); }
    figcaption .counts { display: flex; flex-wrap: wrap; gap: 0 1rem; margin-bottom: .25rem; }
    .times { display: grid; gap: 1.75rem; }
    .bars { display: grid; grid-template-columns: minmax(4rem, max-content) minmax(8rem, 1fr); gap: .5rem 1rem; align-items: center; font-size: .875rem; margin-bottom: 1rem; }
    .bars .who { display: flex; align-items: center; max-width: 11rem; }
    rect.used { fill: var(--used); } rect.offered { fill: var(--offered); }
    rect.blocked { fill: var(--blocked); } rect.unwanted { fill: var(--unwanted); }
    text.part { font-size: 12px; font-weight: 600; text-anchor: middle; }
    text.used { fill: var(--on-used); } text.offered { fill: var(--on-offered); }
    text.blocked { fill: var(--on-blocked); } text.unwanted { fill: var(--on-unwanted); }
    .swatch { display: inline-block; width: .75rem; height: .75rem; margin-right: .4rem; border-radius: 2px; vertical-align: -1px; }
    .scroll { overflow-x: auto; margin: 0 0 .5rem; }
    table { border-collapse: collapse; font-size: .8125rem; min-width: 100%; }
    th, td { padding: .35rem .6rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
    th { font-weight: 500; color: var(--soft); vertical-align: bottom; }
    th:first-child, td:first-child { text-align: left; padding-left: 0; }
    th:last-child, td:last-child { padding-right: 0; }
    .text { text-align: left; }
    td.name { white-space: normal; min-width: 7rem; max-width: 16rem; overflow-wrap: anywhere; font-weight: 600; }
    .stack td.name { min-width: 10rem; }
    .stack td.text { white-space: normal; min-width: 9rem; overflow-wrap: anywhere; }
    .many { font-size: .75rem; } .many th, .many td { white-space: normal; }
    .many th, .many td { padding: .3rem .25rem; } .many td.name { min-width: 4rem; }
    a { color: inherit; }
    details { margin-top: 1rem; }
    summary { cursor: pointer; color: var(--soft); font-size: .875rem; }
    details[open] summary { margin-bottom: .75rem; }
    pre { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .8rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; font: .875rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; margin: 0 0 1rem; }
    code { font: .9em ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
    footer { margin-top: 3rem; color: var(--soft); font-size: .8125rem; }
    @media (max-width: 52rem) {
      .rows { grid-template-columns: minmax(0, 1fr); }
      .rows .head > :not(.lanes) { display: none; }
      .row { row-gap: .35rem; padding: .75rem 0; }
      .lane .who bdi { white-space: normal; overflow-wrap: anywhere; }
      .rows .axis { border-top: 1px solid var(--line); padding-top: .25rem; }
    }
    @media (max-width: 40rem) {
      .stack, .stack tbody { display: block; }
      .stack .head { display: none; }
      .stack tr { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .4rem .75rem; padding: .6rem 0; border-bottom: 1px solid var(--line); }
      .stack td { display: block; padding: 0; border: 0; text-align: left; white-space: normal; overflow-wrap: anywhere; }
      .stack td.name, .stack td.text { min-width: 0; }
      .stack td::before { content: attr(data-label); display: block; color: var(--soft); font-size: .75rem; }
      .stack td.name, .stack td.label, .stack td.text, .stack td.all { grid-column: 1 / -1; max-width: none; }
      .stack td:empty { display: none; }
    }
    @media (max-width: 30rem) {
      .odd { display: none; }
      .lanes { grid-template-columns: minmax(0, 1fr) 4.1rem 3.9rem 5.4rem; }
      .bars { grid-template-columns: minmax(0, 1fr); gap: .2rem; }
      .bars > svg { margin-bottom: .6rem; }
    }
    @media print { details > * { display: block; } section { break-inside: avoid; } }
    """
}
