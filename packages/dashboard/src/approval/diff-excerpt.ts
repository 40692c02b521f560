/** Renders a patch for a phone: its lines, truncated, with a count of what was omitted. */
import { counted } from "@aedev/contracts";
import type { Markup } from "../markup/markup.ts";
import { html, truncate } from "./html.ts";

const linesMax = 600;
const lineLengthMax = 300;
/** How many characters of the patch are read: more than the shown lines can contain. */
const charactersMax = 256 * 1024;

/** `command`: prints the whole patch at the terminal. */
export function diffExcerpt(patch: string, command: string): Markup {
  const text = patch.slice(0, charactersMax);
  const lines = text.replace(/\n$/, "").split("\n");
  const listed = lines.slice(0, linesMax);
  const isWhole = listed.length === lines.length && patch.length <= charactersMax;
  const omitted = isWhole
    ? html``
    : html`<p><strong>omitted: the rest of ${counted(patch.length, "character")} after ${counted(listed.length, "line")}.</strong> <code>${command}</code> prints all of it.</p>`;
  return html`<pre role="region" tabindex="0" aria-label="diff">${listed.map(diffLine)}</pre>${omitted}`;
}

function diffLine(line: string): Markup {
  const text = truncate(line, lineLengthMax);
  if (/^(diff --git |--- |\+\+\+ |@@ )/.test(line)) return html`<strong>${text}</strong>\n`;
  if (line.startsWith("+")) return html`<ins>${text}</ins>\n`;
  if (line.startsWith("-")) return html`<del>${text}</del>\n`;
  return html`${text}\n`;
}
