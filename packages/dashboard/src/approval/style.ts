/** The style of the approval pages: system fonts, one column, large buttons, light or dark as the browser prefers. */
import { createHash } from "node:crypto";

export const approvalStyle = `:root{color-scheme:light dark;--page:#fff;--text:#111;--line:#8884;--soft:#eee;--good:#166534;--bad:#b91c1c;--ink:#fff}
@media(prefers-color-scheme:dark){:root{--page:#121212;--text:#eee;--soft:#232323;--good:#4ade80;--bad:#f87171;--ink:#111}}
*{box-sizing:border-box}body{background:var(--page);color:var(--text);font:17px/1.5 system-ui,sans-serif;margin:0 auto;max-width:46rem;padding:1rem;overflow-wrap:anywhere}
h1{font-size:1.35rem;line-height:1.25;margin:.2rem 0 .6rem}h2{font-size:1.1rem;margin:1.6rem 0 .4rem}h3{font-size:1rem;margin:.6rem 0 .2rem}
p,ul,ol{margin:.4rem 0}ul,ol{padding-left:1.2rem}.said{white-space:pre-wrap}
blockquote{border-left:4px solid var(--line);margin:.6rem 0;padding:.2rem .8rem}
pre{background:var(--soft);border-radius:.4rem;font-size:.8rem;line-height:1.35;margin:.4rem 0;max-height:75vh;overflow:auto;padding:.6rem}
ins,.pass{color:var(--good);text-decoration:none}del,.fail{color:var(--bad);text-decoration:none}
code{background:var(--soft);border-radius:.3rem;font-size:.85em;padding:.1rem .3rem}
.rows{list-style:none;padding:0}.rows li{border-top:1px solid var(--line);padding:.4rem 0}
form{margin:.7rem 0}label{display:block;margin:.3rem 0}
textarea{background:transparent;border:1px solid var(--line);border-radius:.5rem;color:inherit;font:inherit;min-height:5rem;padding:.5rem;width:100%}
fieldset{border:1px solid var(--line);border-radius:.5rem;margin:.9rem 0;min-width:0;padding:.4rem .8rem}legend{font-weight:600;padding:0 .2rem}
.choice{align-items:flex-start;display:flex;gap:.6rem;min-height:2.5rem;padding:.3rem 0}.choice input{flex:none;height:1.3rem;margin:.15rem 0 0;width:1.3rem}
select{background:var(--soft);border:1px solid var(--line);border-radius:.5rem;color:inherit;font:inherit;min-height:3rem;padding:.5rem;width:100%}
:focus-visible{outline:3px solid currentColor;outline-offset:2px}
button{background:transparent;border:2px solid currentColor;border-radius:.6rem;color:inherit;font:inherit;font-weight:600;min-height:3rem;padding:.6rem 1rem;width:100%}
button.approve{background:var(--good);border-color:var(--good);color:var(--ink)}button.reject{color:var(--bad)}
small{opacity:.8}`;

/** The only style that the content security policy of the page allows. */
export const approvalStyleSource = `'sha256-${createHash("sha256").update(approvalStyle).digest("base64")}'`;
