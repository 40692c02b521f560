/** The style of the status board: system fonts, one column on a phone, light or dark as the browser prefers. */
export const statusBoardStyle = `:root{color-scheme:light dark;--page:#fff;--text:#111;--line:#8884;--soft:#eee;--warn:#b45309;--good:#15803d}
@media(prefers-color-scheme:dark){:root{--page:#121212;--text:#eee;--soft:#232323;--warn:#fbbf24;--good:#4ade80}}
*{box-sizing:border-box}body{background:var(--page);color:var(--text);font:16px/1.45 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem}
h1{font-size:1.3rem;margin:0 0 .5rem}h2{font-size:1rem;margin:1.5rem 0 .4rem}
ul{list-style:none;margin:0;padding:0}li{border-top:1px solid var(--line);padding:.5rem 0;overflow-wrap:anywhere}
.counts{display:flex;flex-wrap:wrap;gap:.4rem}.counts li{border:1px solid var(--line);border-radius:.5rem;padding:.2rem .6rem}
b.warn{color:var(--warn)}b.good{color:var(--good)}small{opacity:.75}
code{background:var(--soft);border-radius:.3rem;display:inline-block;font-size:.8em;padding:.1rem .3rem}`;
