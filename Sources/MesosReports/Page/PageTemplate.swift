// Part of mesosim. Apache-2.0, see LICENSE.
//
// The page as a Mustache template. Two braces escape, so that no name can become markup; three
// braces take what this module drew itself. Also well-formed XML, so that a test can check it.

import Mustache

enum PageTemplate {
  /// The parsed template.
  static let parsed: MustacheTemplate = {
    do { return try MustacheTemplate(string: text) } catch {
      preconditionFailure("the page's template does not parse: \(error)")
    }
  }()

  private static let text = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="generator" content="mesosim {{version}}"/>
    <title>{{title}}</title>
    <style>
    {{{style}}}
    </style>
    </head>
    <body>
    <main>
    <header>
    {{#partial}}
    <p class="partial">{{.}}</p>
    {{/partial}}
    <p class="scenario">mesosim · <bdi>{{scenario}}</bdi></p>
    <h1>{{question}}</h1>
    {{#notes}}
    <p class="notes">{{.}}</p>
    {{/notes}}
    <p class="answer">{{answer}}</p>
    {{#remarks}}
    <p class="remark">{{.}}</p>
    {{/remarks}}
    {{#warnings}}
    <p class="remark warning">{{.}}</p>
    {{/warnings}}
    {{#certainty}}
    <p class="remark quiet">{{.}}</p>
    {{/certainty}}
    <dl class="facts">
    {{#facts}}
    <div><dt>{{label}}</dt><dd>{{value}}</dd></div>
    {{/facts}}
    </dl>
    </header>

    {{#ranking}}
    <section>
    <h2>The allocators in order of merit</h2>
    <p class="lead">{{lead}}</p>
    <div class="scroll"><table class="stack">
    <tr class="head"><th scope="col">allocator</th><th scope="col">rank</th><th scope="col">jobs done</th><th scope="col">job time</th><th scope="col">p95 wait</th><th scope="col">contended</th><th scope="col">fairness</th><th scope="col" class="text">furthest behind</th></tr>
    {{#lines}}
    <tr><td class="name"><bdi>{{allocator}}</bdi></td><td data-label="rank">{{rank}}</td><td data-label="jobs done">{{jobs}}</td><td data-label="job time">{{jobTime}}</td><td data-label="p95 wait">{{wait}}</td><td data-label="contended">{{contended}}</td><td data-label="fairness">{{fairness}}</td><td class="text" data-label="furthest behind">{{furthest}}</td></tr>
    {{/lines}}
    </table></div>
    </section>
    {{/ranking}}

    {{#frameworkSections}}
    <section>
    <h2>{{heading}}</h2>
    <p class="lead">{{lead}} {{rows.scale}}</p>
    {{#rows}}
    <div class="rows">
    <div class="head"><div>framework</div><div></div>
    <div class="lanes"><div class="lane"><span class="who">allocator</span><span>mean</span><span>p95</span><span>{{noteHeading}}</span></div></div></div>
    {{#rows}}
    <div class="row">
    <h3><bdi>{{name}}</bdi></h3>
    <div>{{{strip}}}</div>
    <div class="lanes">
    {{#lanes}}
    <div class="lane"><span class="who">{{{key}}}<bdi title="{{allocator}}">{{allocator}}</bdi></span>{{#isMeasured}}<span class="mean">{{mean}}</span><span>{{p95}}</span><span class="note {{noteKind}}">{{note}}</span>{{/isMeasured}}{{^isMeasured}}<span class="absent">{{absence}}</span>{{/isMeasured}}</div>
    {{/lanes}}
    </div>
    </div>
    {{/rows}}
    <div class="row axis"><div></div><div>{{{axis}}}</div><div></div></div>
    </div>
    {{/rows}}
    {{#table}}
    <details><summary>All figures as a table</summary>
    <div class="scroll"><table class="stack many">
    <tr class="head">{{#header}}<th scope="col"{{#isText}} class="text"{{/isText}}>{{text}}</th>{{/header}}</tr>
    {{#lines}}
    <tr>{{#cells}}<td class="{{kind}}" data-label="{{label}}">{{text}}</td>{{/cells}}</tr>
    {{/lines}}
    </table></div>
    </details>
    {{/table}}
    </section>
    {{/frameworkSections}}

    {{#hasServices}}
    <section>
    <h2>How services were changed, and why they waited</h2>
    <p class="lead">A change is done step by step; a step takes as long as it takes until all instances are as they should be. An offer is of no use to a service for the first of its reasons.</p>
    {{#services}}
    {{#hasName}}<h3><bdi>{{allocator}}</bdi></h3>{{/hasName}}
    {{#hasChanges}}
    <div class="scroll"><table class="stack">
    <tr class="head"><th scope="col">change</th><th scope="col">began</th><th scope="col">took</th><th scope="col" class="text">outcome</th><th scope="col" class="text">steps</th></tr>
    {{#changes}}
    <tr><td class="name"><bdi>{{what}}</bdi></td><td data-label="began">{{began}}</td><td data-label="took">{{took}}</td><td class="text" data-label="outcome">{{outcome}}</td><td class="text" data-label="steps">{{steps}}</td></tr>
    {{/changes}}
    </table></div>
    {{/hasChanges}}
    {{#hasWaits}}
    <div class="scroll"><table class="stack">
    <tr class="head"><th scope="col">service</th><th scope="col">offers of no use</th><th scope="col" class="text">why</th></tr>
    {{#waits}}
    <tr><td class="name"><bdi>{{name}}</bdi></td><td data-label="offers of no use">{{offers}}</td><td class="text" data-label="why">{{reasons}}</td></tr>
    {{/waits}}
    </table></div>
    {{/hasWaits}}
    {{/services}}
    </section>
    {{/hasServices}}

    {{#hasDistributions}}
    <section>
    <h2>Every job, not only the mean</h2>
    <p class="lead">Which part of a framework’s jobs was done within a time. The further left a curve climbs, the sooner jobs finish; one that stays below 100% has jobs that were given up or still unfinished when the run ended.</p>
    <p class="legend">{{#legend}}<span>{{{key}}}<bdi>{{allocator}}</bdi></span>{{/legend}}</p>
    <div class="minis">
    {{#distributions}}
    <figure>
    <figcaption><h3><bdi>{{name}}</bdi></h3><span class="counts">{{#counts}}<span>{{{key}}}{{text}}</span>{{/counts}}</span></figcaption>
    {{{plot}}}
    </figure>
    {{/distributions}}
    </div>
    </section>
    {{/hasDistributions}}

    {{#uses}}
    <section>
    <h2>What each framework used over time</h2>
    <p class="lead">{{lead}}</p>
    <p class="legend">{{#legend}}<span>{{{key}}}<bdi>{{allocator}}</bdi></span>{{/legend}}</p>
    <div class="minis">
    {{#plots}}
    <figure>
    <figcaption><h3><bdi>{{name}}</bdi></h3><span class="counts">{{#counts}}<span>{{{key}}}{{text}}</span>{{/counts}}</span></figcaption>
    {{{plot}}}
    </figure>
    {{/plots}}
    </div>
    </section>
    {{/uses}}

    {{#hasCapacity}}
    <section>
    <h2>The cluster over time</h2>
    <p class="lead">{{timeLead}}</p>
    <p class="legend">{{#legend}}<span>{{{key}}}<bdi>{{allocator}}</bdi></span>{{/legend}}</p>
    <div class="times">
    {{#times}}
    <figure>
    <figcaption><h3>{{heading}}</h3></figcaption>
    {{{plot}}}
    </figure>
    {{/times}}
    </div>
    </section>

    <section>
    <h2>{{capacity.heading}}</h2>
    {{#capacity.paragraphs}}
    <p class="prose">{{.}}</p>
    {{/capacity.paragraphs}}
    <p class="legend"><span><i class="swatch" style="background:var(--used)"></i>used by tasks</span><span><i class="swatch" style="background:var(--offered)"></i>in offers</span><span><i class="swatch" style="background:var(--blocked)"></i>blocked: free while tasks waited</span><span><i class="swatch" style="background:var(--unwanted)"></i>no demand</span></p>
    <div class="bars">
    {{#capacity.bars}}
    <span class="who">{{{key}}}<bdi>{{allocator}}</bdi></span>
    {{{bar}}}
    {{/capacity.bars}}
    </div>
    <div class="scroll"><table class="stack">
    <tr class="head"><th scope="col">{{capacity.resource}}, of the capacity</th><th scope="col">used</th><th scope="col">in offers</th><th scope="col">blocked</th><th scope="col">no demand</th><th scope="col">demand met</th></tr>
    {{#capacity.bars}}
    <tr><td class="name"><bdi>{{allocator}}</bdi></td><td data-label="used">{{used}}</td><td data-label="in offers">{{offered}}</td><td data-label="blocked">{{blocked}}</td><td data-label="no demand">{{noDemand}}</td><td data-label="demand met">{{demandMet}}</td></tr>
    {{/capacity.bars}}
    </table></div>
    </section>
    {{/hasCapacity}}

    <section>
    <h2>Run it again</h2>
    <p class="lead">The same scenario, seed and build give the same bytes, this page included. A digest is the hash over every fact of a run: equal digests, equal runs.</p>
    <pre>{{command}}</pre>
    <div class="scroll"><table class="stack">
    <tr class="head"><th scope="col">allocator</th><th scope="col">seed</th><th scope="col">events</th><th scope="col" class="text">digest</th></tr>
    {{#digests}}
    <tr><td class="name"><bdi>{{allocator}}</bdi></td><td data-label="seed">{{seed}}</td><td data-label="events">{{events}}</td><td class="text all" data-label="digest"><code>{{digest}}</code></td></tr>
    {{/digests}}
    </table></div>
    </section>

    <footer>mesosim {{version}} · the figures beside this page: <a href="summary.json">summary.json</a>, <a href="utilization.csv">utilization.csv</a>, <a href="jobs.csv">jobs.csv</a>{{#isRecorded}} · <a href="run.html">the run, instant by instant</a>{{/isRecorded}}</footer>
    </main>
    </body>
    </html>

    """
}
