/**
 * The page of a mission's report: one file without a script, which loads nothing.
 * Folder: mission reports.
 */
import { escapeText } from "@aedev/contracts";
import { type MissionReport, type ReportStatement, referenceText } from "@aedev/contracts/api";
import { type Markup, markupTag } from "../markup/markup.ts";

const html = markupTag((text) => escapeText(text.toWellFormed()));

const style: Markup = {
  markup:
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}li{overflow-wrap:anywhere;margin:.3rem 0}small{color:#595959}.unknown{font-style:italic}",
};

export function renderMissionReport({ mission_id, title, position, sections }: MissionReport): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><meta name="referrer" content="no-referrer">
<title>${mission_id} - aedev</title><style>${style}</style></head>
<body><main><h1>Mission ${mission_id}: ${title}</h1><p>From the log up to event ${position}. The evidence of each statement is behind it.</p>
${sections.map((section) => html`<section><h2>${section.title}</h2><ul>${section.statements.map(statement)}</ul></section>\n`)}</main></body></html>
`.markup;
}

function statement({ text, known, evidence }: ReportStatement): Markup {
  const mark = known ? html`` : html`<b class="unknown">unknown</b> `;
  return html`<li>${mark}${text} <small>(${evidence.map(referenceText).join("; ")})</small></li>`;
}
