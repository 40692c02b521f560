/** The style of the approval pages: system fonts, one column, a bar of buttons that stays, light or dark as the browser prefers. */
import { createHash } from "node:crypto";

export const approvalStyle = `:root{color-scheme:light dark;--page:#fff;--text:#16181d;--quiet:#565d68;--line:#d5d9e0;--soft:#f1f3f6;--good:#166534;--bad:#b91c1c;--act:#1d4ed8;--ink:#fff;--added:#e3f6e8;--removed:#fdeaea}
@media(prefers-color-scheme:dark){:root{--page:#121417;--text:#e8eaee;--quiet:#a4acb9;--line:#383d46;--soft:#1e2126;--good:#4ade80;--bad:#f87171;--act:#93b4ff;--ink:#0d1210;--added:#12301f;--removed:#3a1c1e}}
*{box-sizing:border-box}html{scroll-padding-bottom:6rem}
body{background:var(--page);color:var(--text);font:16px/1.4 system-ui,sans-serif;margin:0 auto;max-width:46rem;overflow-wrap:anywhere;padding:.75rem 1rem 0}
h1{font-size:1.25rem;line-height:1.25;margin:0}h2{font-size:1.05rem;margin:1.4rem 0 .4rem}h3{font-size:.95rem;margin:.6rem 0 .2rem}
p,ul,ol,dl{margin:.3rem 0}ul,ol{padding-left:1.2rem}li{margin:.2rem 0}.plain{list-style:none;padding:0}
.title{font-weight:600;line-height:1.3}.said{white-space:pre-wrap}.soft{color:var(--quiet)}small{font-size:.85em}
.unseen{clip-path:inset(50%);height:1px;overflow:hidden;position:absolute;white-space:nowrap;width:1px}
.part{border-top:2px solid var(--line);margin-top:1.2rem}.part>h2{margin-top:.8rem}
.pass{color:var(--good)}.fail{color:var(--bad)}
.facts{border-block:1px solid var(--line);column-gap:.8rem;display:grid;grid-template-columns:max-content minmax(0,1fr);margin:.5rem 0;padding:.3rem 0;row-gap:.35rem}
.facts div{display:contents}dt{color:var(--quiet)}dd{margin:0}dd p{margin:0}
summary{cursor:pointer}dd details>:not(summary){border-left:2px solid var(--line);margin:.2rem 0 .4rem;padding-left:.6rem}dd ul ul,dd details>ul{padding-left:1.4rem}dd details>ul.plain{padding-left:.6rem}
code{background:var(--soft);border-radius:.25rem;font:.87em ui-monospace,monospace;padding:.1em .25em;-webkit-user-select:all;user-select:all}
mark{background:none;color:inherit;text-decoration:underline;text-underline-offset:.2em}
blockquote,.quoted{border-left:4px solid var(--line);margin:.6rem 0;padding:.2rem .8rem}
.file{border:1px solid var(--line);border-radius:.5rem;margin:.4rem 0;overflow:clip}.file>summary{background:var(--soft);padding:.45rem .6rem}.file code{padding:0;word-break:break-all}.file>p{margin:.4rem .6rem}.count{white-space:nowrap}
pre{font:.8rem/1.4 ui-monospace,monospace;margin:0}pre>*{display:block;font-weight:400;padding:0 .6rem 0 1.6rem;text-decoration:none;text-indent:-1ch;white-space:pre-wrap}
pre b{background:var(--soft);color:var(--quiet)}ins{background:var(--added)}del{background:var(--removed)}
label{display:block;margin:.4rem 0 .2rem}
textarea,select,input[type=password]{background:var(--page);border:1px solid var(--quiet);border-radius:.5rem;color:inherit;font:inherit;padding:.5rem;width:100%}textarea{display:block;min-height:5rem}select{background:var(--soft);min-height:3rem}
fieldset{border:1px solid var(--line);border-radius:.5rem;margin:.9rem 0;min-width:0;padding:.4rem .8rem}legend{float:left;font-weight:600;margin-bottom:.2rem;padding:0;width:100%}legend+*{clear:both}legend.quoted{padding-left:.6rem}
.choice{align-items:flex-start;display:flex;gap:.6rem;margin:0;min-height:2.5rem;padding:.35rem 0}.choice input{flex:none;height:1.3rem;margin:.05rem 0 0;width:1.3rem}
:focus-visible{outline:3px solid currentColor;outline-offset:2px}
button,.button{background:var(--page);border:2px solid currentColor;border-radius:.6rem;color:inherit;cursor:pointer;display:block;font:inherit;font-weight:600;list-style:none;min-height:2.9rem;overflow-wrap:normal;padding:.6rem .4rem;text-align:center;width:100%}
.button::-webkit-details-marker{display:none}.approve{background:var(--good);border-color:var(--good);color:var(--ink)}.reject{color:var(--bad)}.send{background:var(--act);border-color:var(--act);color:var(--ink)}
.bar{background:var(--page);border-top:1px solid var(--line);bottom:0;display:flex;flex-wrap:wrap;gap:.5rem;margin:1.2rem -1rem 0;max-height:85vh;overflow:auto;padding:.6rem 1rem .75rem;position:sticky}
.bar>*{flex:1 1 0}.bar button,.bar .button{padding-inline:.2rem}.bar>details[open]{flex-basis:100%;order:-1}.bar button{margin-top:.4rem}.bar>form>button:only-child,.bar>button{margin-top:0}`;

/** The only style that the content security policy of the page allows. */
export const approvalStyleSource = `'sha256-${createHash("sha256").update(approvalStyle).digest("base64")}'`;
