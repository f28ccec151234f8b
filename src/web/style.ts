/** The one style sheet of the console, inline in every page: no other address is asked, no script is run. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f5f7f8; --sheet: #ffffff; --ink: #16232b; --quiet: #4d5f69; --line: #d5dde1; --head: #0b4a5e;
  --on-head: #ffffff; --link: #0a5a75; --mark: #fff3cf; --for: #12705a; --against: #a83232; --warn: #8a5300; --focus: #d97706;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #10191e; --sheet: #18242b; --ink: #e6edf0; --quiet: #a3b4bd; --line: #324450; --head: #0b4a5e;
    --on-head: #ffffff; --link: #7cc7e0; --mark: #46390f; --for: #58c7a6; --against: #f08f8f; --warn: #f0b55a; --focus: #f5a524;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--sheet); padding: .5rem 1rem; z-index: 1; }
header { background: var(--head); color: var(--on-head); }
header a { color: inherit; text-decoration: none; }
header a:hover, header a[aria-current] { text-decoration: underline; text-underline-offset: .3em; }
.bar { max-width: 76rem; margin: 0 auto; padding: .7rem 1.25rem; display: flex; gap: .4rem 1.6rem; align-items: center; flex-wrap: wrap; }
.brand { font-weight: 700; font-size: 1.15rem; letter-spacing: .01em; }
.bar nav { display: flex; gap: .3rem 1.3rem; flex-wrap: wrap; flex: 1; }
.pages { background: rgb(255 255 255 / .1); } .pages .bar { padding-block: .4rem; gap: .3rem 1.3rem; font-size: .95rem; } .pages [aria-current] { font-weight: 600; }
.who { opacity: .9; font-size: .9rem; }
.out { margin: 0; } .out button { background: none; color: inherit; font-weight: 400; font-size: .9rem; padding: 0; margin: 0; text-decoration: underline; text-underline-offset: .3em; }
main { max-width: 76rem; margin: 0 auto; padding: 1.4rem 1.25rem 4rem; }
h1 { font-size: 1.55rem; line-height: 1.25; margin: 0 0 .3rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .6rem; }
p { margin: .4rem 0; }
.lead { color: var(--quiet); max-width: 46rem; margin-bottom: 1rem; }
time, tbody th code { white-space: nowrap; }
.sheet { background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
.even { table-layout: fixed; }
caption { text-align: left; padding: .7rem .9rem; font-weight: 600; }
th, td { text-align: left; padding: .5rem .9rem; border-top: 1px solid var(--line); vertical-align: top; }
thead th::first-letter { text-transform: uppercase; }
thead th { color: var(--quiet); font-weight: 600; font-size: .86rem; }
caption + thead th { border-top: 0; }
thead:first-child th { border-top: 0; }
tbody th { font-weight: 500; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead .number { white-space: normal; }
code, .code { font: .92em ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }
.quiet { color: var(--quiet); }
.small { font-size: .88rem; }
.none { color: var(--quiet); padding: 1.6rem .9rem; text-align: center; }
.wrap { overflow-wrap: anywhere; }
th .wrap { display: inline-block; min-width: 14em; }
.value { font-variant-numeric: tabular-nums; }
.differs .value { background: var(--mark); }
mark { color: inherit; background: none; font-weight: 700; text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: .2em; }
.for { color: var(--for); } .against { color: var(--against); } .warn { color: var(--warn); }
.weight { display: flex; gap: .7rem; align-items: center; justify-content: flex-end; }
.weight svg { width: 8rem; height: .8rem; flex: none; }
.weight .number { min-width: 3.4rem; }
.weight .axis { fill: var(--line); } .weight .plus { fill: var(--for); } .weight .minus { fill: var(--against); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: .9rem; margin: 1.2rem 0; padding: 0; list-style: none; }
.tiles > li { padding: .9rem 1.1rem; }
.tiles strong { display: block; font-size: 1.7rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
.flow { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1.6rem; margin: 1.2rem 0 .4rem; padding: 0; list-style: none; }
.flow > li { position: relative; padding: .9rem 1.1rem; } .flow > .busy { border-color: var(--link); box-shadow: inset 0 3px 0 var(--link); }
.flow > li + li::before { content: '→'; position: absolute; left: -1.35rem; top: 50%; translate: 0 -50%; color: var(--quiet); }
.flow strong { display: block; font-size: 1.7rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
.ask { display: flex; flex-wrap: wrap; gap: .75rem 1.25rem; align-items: end; padding: 1rem 1.25rem; margin-bottom: 1.25rem; }
.ask label { display: grid; gap: .25rem; font-size: .9rem; max-width: min(100%, 20rem); min-width: 0; }
.ask input, .ask select { font: inherit; color: inherit; background: var(--sheet); border: 1px solid var(--quiet); border-radius: 6px; padding: .35rem .6rem; height: 2.5rem; max-width: 100%; min-width: 0; }
.ask button { margin: 0; min-height: 2.5rem; padding-block: .3rem; } .ask > p { flex: 1 0 100%; margin: 0; }
.tabs { display: flex; gap: .5rem; margin: 1rem 0; padding: 0; list-style: none; flex-wrap: wrap; }
.tabs a { display: inline-block; padding: .3rem .9rem; border: 1px solid var(--line); border-radius: 99px; background: var(--sheet); text-decoration: none; }
.tabs a[aria-current] { background: var(--head); color: var(--on-head); border-color: var(--head); }
.note { border-left: 4px solid var(--warn); padding: .6rem 1rem; margin: 1rem 0; background: var(--sheet); }
.note.good { border-color: var(--for); } .note.bad { border-color: var(--against); }
form.decide { padding: 1rem 1.2rem 1.2rem; margin-top: 1rem; }
fieldset { border: 0; margin: 0; padding: 0; }
legend { font-weight: 600; font-size: 1.1rem; padding: 0; margin-bottom: .5rem; }
.choices { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: .7rem; margin-bottom: 1rem; }
.choices label { display: flex; gap: .7rem; align-items: flex-start; border: 1px solid var(--line); border-radius: 8px; padding: .7rem .9rem; cursor: pointer; }
.choices label:has(:checked) { border-color: var(--link); box-shadow: inset 0 0 0 1px var(--link); }
.choices input { margin: .3rem 0 0; width: 1.05rem; height: 1.05rem; accent-color: var(--link); }
.choices small { display: block; color: var(--quiet); }
.field label { display: block; font-weight: 600; margin-bottom: .25rem; }
.field input { width: 100%; max-width: 46rem; font: inherit; color: inherit; background: var(--sheet); border: 1px solid var(--quiet); border-radius: 6px; padding: .5rem .7rem; }
button { font: inherit; font-weight: 600; border: 0; border-radius: 6px; padding: .55rem 1.3rem; margin-top: 1rem; background: var(--head); color: var(--on-head); cursor: pointer; }
button:hover { filter: brightness(1.15); }
.scrolls { overflow-x: auto; } .scrolls .bars { min-width: 32rem; }
details { margin-top: 1rem; } summary { cursor: pointer; font-weight: 600; padding: .7rem .9rem; }
.more { margin-top: 1rem; }
.drop { border: 2px dashed var(--quiet); border-radius: 8px; padding: 1.1rem 1rem; margin: 0; }
.drop.over { border-color: var(--link); background: var(--mark); }
.drop input { font: inherit; max-width: 100%; }
.stack { display: grid; gap: .9rem; max-width: 32rem; padding: 1.1rem 1.25rem 1.3rem; }
.stack label { display: grid; gap: .25rem; font-weight: 600; }
.stack input, .stack select { font: inherit; font-weight: 400; color: inherit; background: var(--sheet); border: 1px solid var(--quiet); border-radius: 6px; padding: .5rem .7rem; width: 100%; }
.stack button { justify-self: start; margin: 0; }
progress { width: 100%; height: 1rem; accent-color: var(--link); }
.qr { width: min(100%, 15rem); height: auto; display: block; } .codes { columns: 2; padding: 1rem 1rem 1rem 3rem; max-width: 32rem; }
.plain { background: none; color: inherit; padding: 0; margin: 1.5rem 0 0; font-weight: 400; text-decoration: underline; }
.downloads { display: flex; flex-wrap: wrap; gap: .6rem 1.2rem; padding: 0; list-style: none; }
.tick { display: flex !important; align-items: center; gap: .5rem; min-height: 2.5rem; } .tick input { width: 1.1rem; height: 1.1rem; accent-color: var(--link); }
button.light { background: none; color: var(--link); border: 1px solid var(--line); padding: .3rem .8rem; margin: 0; font-weight: 500; }
button.danger { background: var(--against); color: var(--sheet); }
.acts { display: flex; flex-wrap: wrap; gap: .4rem; margin-top: .3rem; } .acts form { margin: 0; }
@media (max-width: 44rem) {
  .cards, .cards tbody, .cards tr, .cards td, .cards th { display: block; } .cards thead { display: none; }
  .cards tr { padding: .6rem .8rem; border-top: 1px solid var(--line); } .cards tr:first-child { border-top: 0; }
  .cards th, .cards td { border: 0; padding: .15rem 0; text-align: left; } .cards th[scope=row] { position: static; font-weight: 600; } .cards th .quiet { font-weight: 400; }
  .cards td[data-label] { display: flex; justify-content: space-between; gap: 1rem; text-align: right; } .cards td[data-label]::before { content: attr(data-label); color: var(--quiet); text-align: left; flex: none; }
  .cards .acts { justify-content: flex-end; }
  table { font-size: .84rem; } th, td { padding: .4rem .45rem; } .weight svg { display: none; }
  .bar nav { order: 1; flex: 1 0 100%; flex-wrap: nowrap; } .bar nav, .pages .bar { overflow-x: auto; padding-block: .25rem .35rem; } .pages .bar { flex-wrap: nowrap; } .bar a { white-space: nowrap; } .who { margin-left: auto; max-width: 8rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .flow { grid-template-columns: 1fr; gap: 1.5rem; } .flow > li { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .6rem .8rem; } .flow > li > .small { grid-column: 1; } .flow > li strong { grid-row: 1 / 3; grid-column: 2; align-self: center; } .flow > li + li::before { content: '↓'; left: 50%; top: -.8rem; }
  .tiles strong { font-size: 1.35rem; } .ask label { flex: 1 1 100%; max-width: none; } .tiles { grid-template-columns: repeat(2, 1fr); gap: .6rem; } .tiles > li { padding: .6rem .8rem; overflow-wrap: anywhere; }
  .wide tbody th:has(time) { min-width: 7.5rem; } .wide tbody th, .wide thead th:first-child:not(.number) { position: sticky; left: 0; background: var(--sheet); } .wide tbody th time { white-space: normal; }
}
.cause details { margin-top: .3rem; } .cause summary { padding: .2rem 0; font-weight: 500; color: var(--link); } tr.group th { background: var(--ground); padding-block: .7rem; } .folded { padding: 0 .9rem .9rem; } .cause { padding: .8rem 1.1rem; margin: .8rem 0; } .cause h3 { margin: 0 0 .3rem; font-size: 1.02rem; } .cause p, .cause ul { margin: .25rem 0; }
.chart { display: block; width: 100%; padding: .6rem .8rem; } .chart + * { margin-top: .9rem; } .sheet + .sheet { margin-top: .9rem; } .chart polyline { fill: none; stroke: var(--link); stroke-width: 2; } .chart circle { fill: var(--link); }
.tiles > .sheet, .flow > .sheet { margin: 0; } .bars { display: block; width: 100%; max-width: 46rem; padding: .6rem .8rem; } .bars text { fill: var(--quiet); font-size: 13px; } .bars .grid { stroke: var(--line); }
.chart .grid { stroke: var(--line); } .chart text { fill: var(--quiet); font-size: 11px; }
h3 { font-size: 1rem; margin: 0; } .map { padding: .8rem 1rem 1rem; } .map > h3 { margin-bottom: .6rem; } .tilemap { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.2rem, 1fr)); gap: .4rem; margin: 0; padding: 0; list-style: none; }
.tilemap > li { padding: .4rem .55rem; border-radius: 6px; line-height: 1.25; overflow-wrap: anywhere; } .tilemap strong, .tilemap span { display: block; font-size: .85rem; } .tilemap strong { font-weight: 600; }
.legend { display: flex; flex-wrap: wrap; gap: .4rem; padding: 0; margin: .7rem 0 0; list-style: none; } .legend span { display: inline-block; padding: .1rem .6rem; border-radius: 6px; }
.shade0 { background: none; color: var(--quiet); box-shadow: inset 0 0 0 1px var(--quiet); } .shade1 { background: #a83232; color: #fff; } .shade2 { background: #f3c2a4; color: #3a1c0a; } .shade3 { background: #f6e3a8; color: #33290a; } .shade4 { background: #bfe3d2; color: #0b2f25; } .shade5 { background: #12705a; color: #fff; }
@media print { details::details-content { content-visibility: visible; block-size: auto; } body { background: #fff; color: #000; } header, .skip, form { display: none; } .sheet { border: 1px solid #999; box-shadow: none; } .cause, tr { break-inside: avoid; } a { color: inherit; text-decoration: none; } }
`
