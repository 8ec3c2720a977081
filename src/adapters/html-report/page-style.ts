/** The page's whole look; plots take their colours from its variables. Contrasts are at least 4.5 to 1 on both grounds. */
export const pageStyle = `
:root { color-scheme: light dark; --text: #1b1f24; --muted: #57606a; --ground: #ffffff; --raised: #f6f8fa; --line: #8c959f; --grid: #e3e7ec;
  --better: #0a57b8; --worse: #b3400a; --unclear: #626b75; --pass: #1a6e33; --fail: #b42318; --open: #8a5a00; --focus: #0a57b8; --bar: #5a7fb0; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --muted: #a3adb8; --ground: #0f1319; --raised: #1a2028; --line: #6b7683; --grid: #2a323c;
    --better: #79b8ff; --worse: #ffa36b; --unclear: #a3adb8; --pass: #5fd07f; --fail: #ff8f85; --open: #f0c04f; --focus: #79b8ff; --bar: #6d93c4; }
}
* { box-sizing: border-box; }
body { margin: 0; color: var(--text); background: var(--ground); font: 16px/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 76rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 2rem; }
footer { padding-bottom: 3rem; color: var(--muted); }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; padding-bottom: .25rem; border-bottom: 1px solid var(--grid); }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
p, li, dd { max-width: 50rem; }
code { font: .9em ui-monospace, monospace; }
.verdict { margin: 0; padding: .9rem 1.1rem; background: var(--raised); border-left: .4rem solid var(--open); border-radius: .25rem; font-size: 1.1rem; max-width: none; }
.verdict.pass { border-color: var(--pass); }
.verdict.fail, .verdict.error { border-color: var(--fail); }
.versions { color: var(--muted); margin: .75rem 0 0; max-width: none; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 1rem 0 0; padding: 0; list-style: none; }
a { color: var(--better); }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--ground); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.scroll { overflow-x: auto; margin: .5rem 0 1rem; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--muted); padding-bottom: .4rem; max-width: 60rem; }
th, td { padding: .35rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--grid); }
thead th { background: var(--raised); white-space: nowrap; }
tbody th { font-weight: normal; }
td.number, th[data-kind="number"] { text-align: right; }
td.interval { font: .85rem/1.7 ui-monospace, monospace; white-space: pre; }
td.number { white-space: nowrap; }
td.word { font-weight: 600; white-space: nowrap; }
td.word small { display: block; font-weight: normal; white-space: normal; }
td.rule { min-width: 7.5rem; }
.v-pass { color: var(--pass); } .v-fail, .v-error { color: var(--fail); } .v-inconclusive, .v-no-data { color: var(--open); }
thead button { all: unset; cursor: pointer; font-weight: 600; }
thead button:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
thead button::after { content: "\\2195"; margin-left: .35rem; color: var(--muted); }
th[aria-sort="ascending"] button::after { content: "\\2191"; color: inherit; }
th[aria-sort="descending"] button::after { content: "\\2193"; color: inherit; }
figure { margin: .5rem 0 1.5rem; min-width: 0; max-width: 100%; }
h1, .verdict, p, li, dt, dd { overflow-wrap: anywhere; }
figcaption { color: var(--muted); max-width: 34rem; }
figure svg { display: block; max-width: none; }
.plots.square figcaption { max-width: 20rem; }
.cards { flex: 1 1 24rem; min-width: 0; }
summary { cursor: pointer; padding: .2rem 0; overflow-wrap: anywhere; }
.plots { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; }
.key { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; padding: 0; margin: .5rem 0; list-style: none; color: var(--muted); }
.key .better { color: var(--better); } .key .worse { color: var(--worse); } .key .unclear { color: var(--unclear); }
dl.methods dt { font-weight: 600; margin-top: .9rem; }
dl.methods dd, dl.evidence dd { margin: 0; }
dl.evidence { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; margin: 0; }
dl.evidence dt { color: var(--muted); }
@media print { nav, .skip { display: none; } .scroll { overflow: visible; } }
`;
