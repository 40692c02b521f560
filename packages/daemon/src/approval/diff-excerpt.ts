/** The change as a reader sees it on a phone: the patch's own lines, capped, with what was left out said in words. */
import { cut, html, type Markup } from "./page-markup.ts";

const linesMax = 600;
const lineLengthMax = 300;
/** Bytes of the patch that are looked at: more than the lines that are shown can hold. */
const bytesMax = 256 * 1024;

/** `command` prints the whole patch at the terminal. */
export function diffExcerpt(patch: Uint8Array, command: string): Markup {
  const text = Buffer.from(patch.subarray(0, bytesMax)).toString("utf8");
  const lines = text.replace(/\n$/, "").split("\n");
  const shown = lines.slice(0, linesMax);
  const isWhole = shown.length === lines.length && patch.length <= bytesMax;
  const omitted = isWhole
    ? html``
    : html`<p><strong>omitted: the rest of ${patch.length} bytes after ${shown.length} lines.</strong> <code>${command}</code> prints it all.</p>`;
  return html`<pre role="region" tabindex="0" aria-label="diff">${shown.map(diffLine)}</pre>${omitted}`;
}

function diffLine(line: string): Markup {
  const text = cut(line, lineLengthMax);
  if (/^(diff --git |--- |\+\+\+ |@@ )/.test(line)) return html`<strong>${text}</strong>\n`;
  if (line.startsWith("+")) return html`<ins>${text}</ins>\n`;
  if (line.startsWith("-")) return html`<del>${text}</del>\n`;
  return html`${text}\n`;
}
