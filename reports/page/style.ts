/** The page's style: light and dark, on a telephone and on A4 or Letter. Colours keep a contrast of at least 4.5 to 1 on their ground. */
export const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #4b5560; --line: #c8ced6; --ground: #fff; --panel: #f3f5f8; --link: #0b57d0; --bad: #a1260d; --warn-ground: #fff3df; --good: #1a6b2f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ee; --soft: #b4bdc8; --line: #414a56; --ground: #14181d; --panel: #1e242c; --link: #8ab4f8; --bad: #ffb4a2; --warn-ground: #3a2d12; --good: #8fd6a0; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 80rem; padding: 1.25rem 1rem 4rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); overflow-wrap: normal; word-break: normal; hyphens: manual; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .5rem; } h2 { font-size: 1.25rem; margin: 2.25rem 0 .5rem; } h3 { font-size: 1.05rem; margin: 1.25rem 0 .25rem; }
a { color: var(--link); } .soft, caption { color: var(--soft); } .empty { color: var(--soft); font-style: italic; }
.verdict { font-size: 1.1rem; padding: .75rem 1rem; border-left: .35rem solid var(--soft); background: var(--panel); } .verdict.good { border-color: var(--good); } .verdict.bad { border-color: var(--bad); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .5rem 0; } dt { color: var(--soft); } dd { margin: 0; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; list-style: none; } .counts li { background: var(--panel); padding: .4rem .8rem; border-radius: .4rem; } .counts b { font-size: 1.3rem; display: block; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; list-style: none; }
.scroll { overflow-x: auto; margin: .5rem 0 1rem; } .scroll:focus-visible { outline: 2px solid var(--link); }
time { white-space: nowrap; } pre { white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; min-width: 46rem; font-size: .92rem; } caption { text-align: left; padding: .25rem 0; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .6rem .35rem 0; text-align: left; vertical-align: top; } tbody th { font-weight: 600; } thead th { white-space: nowrap; }
tr.ended > * { background: var(--warn-ground); } tr.bad > * { color: var(--bad); }
th button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-decoration: underline dotted; }
.filter { display: block; margin: .5rem 0; } .filter input { font: inherit; padding: .3rem .5rem; width: min(100%, 24rem); color: var(--ink); background: var(--ground); border: 1px solid var(--soft); border-radius: .3rem; }
svg text { font: 13px system-ui, sans-serif; fill: var(--ink); } svg path { fill: none; stroke: var(--soft); stroke-width: 1.2; opacity: .75; } svg rect { fill: var(--panel); stroke: var(--line); } svg .admin { stroke: var(--bad); stroke-width: 1.6; opacity: 1; }
@page { margin: 14mm; }
@media screen { .large { content-visibility: auto; contain-intrinsic-size: auto 60rem; } }
@media print { :root { color-scheme: light; --ink: #000; --soft: #333; --line: #999; --ground: #fff; --panel: #f3f3f3; --link: #000; --bad: #a1260d; --warn-ground: #fff3df; --good: #1a6b2f; } body { max-width: none; padding: 0; font-size: 9.5pt; } nav, .filter, .screen { display: none; } section, tr { break-inside: avoid; } .scroll { overflow: visible; } svg { max-width: 100%; height: auto; } table { font-size: 8pt; min-width: 0; } th, td { padding-right: .4rem; } thead th { white-space: normal; } th button { text-decoration: none; } }
`;
