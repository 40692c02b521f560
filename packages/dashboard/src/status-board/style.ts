/** The style of the status board: system fonts, one column on a phone, light or dark as the browser prefers. */
export const statusBoardStyle = `:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--text:#16181d;--soft:#5b6270;--line:#d9dde4;--code:#eef0f4;--warn:#a63c06;--good:#146c2e;--new:#ffe9a8}
@media(prefers-color-scheme:dark){:root{--page:#0f1115;--card:#181b21;--text:#e8eaed;--soft:#a5adba;--line:#30353f;--code:#242933;--warn:#ffb45c;--good:#5fd38a;--new:#453a10}}
*{box-sizing:border-box}body{background:var(--page);color:var(--text);font:15px/1.5 system-ui,sans-serif;margin:0}
header,main{margin:0 auto;max-width:78rem;padding:.75rem 1rem}header{align-items:center;display:flex;flex-wrap:wrap;gap:.5rem 1rem}
h1{font-size:1.15rem;margin:0}h2{font-size:.95rem;margin:0 0 .4rem}p{margin:.3rem 0}
ul{list-style:none;margin:0;padding:0}li{overflow-wrap:anywhere;padding:.3rem 0}
#controls{align-items:center;display:flex;flex-wrap:wrap;gap:.5rem;margin-left:auto}#controls[hidden]{display:none}
button,select{background:var(--card);border:1px solid var(--soft);border-radius:.4rem;color:inherit;font:inherit;min-height:2.5rem;padding:.2rem .7rem}
button{cursor:pointer}:focus-visible{outline:3px solid currentColor;outline-offset:2px}
#live{color:var(--soft);margin-right:.5rem}#live::before{background:var(--good);border-radius:50%;content:"";display:inline-block;height:.65rem;margin-right:.4rem;width:.65rem}
#live.amber::before{background:#d97706}#live.red::before{background:#dc2626}#live.red{color:var(--text);font-weight:600}
#alerts,.card,.list{background:var(--card);border:1px solid var(--line);border-radius:.6rem;margin:0 0 .75rem;padding:.75rem 1rem}
#alerts h2{font-size:1.1rem}.cards{column-gap:.75rem;columns:17rem;margin-bottom:.75rem}.card{break-inside:avoid;overflow:hidden}
.list li+li{border-top:1px solid var(--line)}
.chips{display:flex;flex-wrap:wrap;gap:.3rem}.chips li{border:1px solid var(--line);border-radius:1rem;padding:.05rem .6rem}
.warn{color:var(--warn)}.good{color:var(--good)}small{color:var(--soft)}summary{cursor:pointer;min-height:1.6rem}
code{background:var(--code);border-radius:.3rem;display:inline-block;font-size:.85em;overflow-wrap:anywhere;padding:.1rem .35rem}
.ring{float:right;height:5.5rem;margin-left:.75rem;width:5.5rem}.ring circle{fill:none;stroke-width:3.4}.track{stroke:var(--line)}circle.good{stroke:var(--good)}circle.warn{stroke:var(--warn)}.ring~ul{clear:both}.ring text{fill:currentColor;font-size:.5rem;font-weight:600}
.gone main{filter:grayscale(1)}.unseen{clip-path:inset(50%);height:1px;overflow:hidden;position:absolute;white-space:nowrap;width:1px}
.new{animation:new 2.5s}@keyframes new{0%{background:var(--new)}}@media(prefers-reduced-motion:reduce){.new{animation:none;background:var(--new)}}`;
