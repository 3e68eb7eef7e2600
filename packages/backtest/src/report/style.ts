/** Light and dark, and print. Colours that are told apart by most eyes. */
export const reportStyle = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1a1d21;--soft:#687078;--line:#e3e6ea;--c1:#2563eb;--c2:#d97706;--c3:#7c3aed;--c4:#0d9488;--gain:#15803d;--loss:#c2410c;--entry:#2563eb}
@media(prefers-color-scheme:dark){:root{--page:#101316;--card:#181c20;--ink:#e8eaed;--soft:#9aa3ad;--line:#2a3036;--c1:#60a5fa;--c2:#fbbf24;--c3:#a78bfa;--c4:#2dd4bf;--gain:#4ade80;--loss:#fb923c;--entry:#60a5fa}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:14px/1.5 system-ui,sans-serif}
main{max-width:1080px;margin:0 auto;padding:24px 16px 64px}
h1{font-size:22px;margin:0}
h2{font-size:15px;margin:0 0 8px}
p.sub{color:var(--soft);margin:2px 0 20px}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px;margin-bottom:16px;overflow-x:auto}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(120px,1fr));gap:12px;margin-bottom:16px}
.tile{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 14px}
.tile b{display:block;font-size:18px;white-space:nowrap;font-variant-numeric:tabular-nums}
.tile span{color:var(--soft);font-size:12px}
svg{display:block;width:100%;height:auto;min-width:640px}
.grid{stroke:var(--line);fill:none}
.label{fill:var(--soft);font-size:11px}
.line{fill:none;stroke-width:1.6;stroke-linejoin:round}
.area{opacity:.16;stroke:none}
.line.c1{stroke:var(--c1)}.line.c2{stroke:var(--c2)}.line.c3{stroke:var(--c3)}.line.c4{stroke:var(--c4)}.line.c5{stroke:var(--loss)}
.area.c1{fill:var(--c1)}.area.c2{fill:var(--c2)}.area.c3{fill:var(--c3)}.area.c4{fill:var(--c4)}.area.c5{fill:var(--loss)}
.mark.entry{fill:var(--entry)}.mark.gain,.bar.gain{fill:var(--gain)}.mark.loss,.bar.loss{fill:var(--loss)}
.mark.refusal{stroke:var(--loss);stroke-width:1.5;fill:none}
.legend{color:var(--soft);font-size:12px;margin:0 0 6px}
.legend i{display:inline-block;width:14px;height:3px;vertical-align:middle;margin:0 5px 0 12px}
.legend i:first-child{margin-left:0}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:right;padding:4px 8px;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child,td:first-child{text-align:left}
th{color:var(--soft);font-weight:500}
td.text{white-space:normal}th.text,td.text{text-align:left}
td.gain{color:var(--gain)}td.loss{color:var(--loss)}
.heat td{text-align:center;border:2px solid var(--card);border-radius:4px;min-width:52px}
@media print{section,.tile{break-inside:avoid}}
`
