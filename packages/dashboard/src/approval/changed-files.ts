/** Renders the files of a change for a phone: each opens to its lines, which wrap. What is left out is counted. */
import { counted, escapeLine, type LandingPage } from "@aedev/contracts";
import type { PatchFileDocument, PatchLineDocument } from "@aedev/contracts/api";
import type { Markup } from "../markup/markup.ts";
import { html, truncate } from "./html.ts";

const pathLengthMax = 300;
const linesMax = 600;
/** A change with more lines is a list of files at first. */
const openLinesMax = 60;
const lineLengthMax = 300;

export function changedFiles({ files, files_omitted: more, patch_command: command }: LandingPage): Markup {
  const isOpen = files.reduce((total, file) => total + file.lines.length + file.omitted, 0) <= openLinesMax;
  // No file takes the room of the others.
  const share = Math.ceil(linesMax / Math.max(1, files.length));
  let isWhole = more === 0;
  const listed = files.map((file) => {
    const lines = file.lines.slice(0, share);
    const omitted = file.omitted + file.lines.length - lines.length;
    isWhole &&= omitted === 0;
    return fileOf(file, { lines, omitted, isOpen });
  });
  const sum = (of: "added" | "removed") => files.reduce((total, file) => total + file[of], 0);
  const rest = isWhole ? html`` : html`<p>All of it at the terminal: <code>${command}</code></p>`;
  const others = more === 0 ? html`` : html`<p><strong>omitted: ${counted(more, "more file")}</strong></p>`;
  return html`<h2>${counted(files.length + more, "file")} <span class="count">${counts(sum("added"), sum("removed"))}</span></h2>${listed}${others}${rest}`;
}

function counts(added: number, removed: number): Markup {
  return html`<span class="pass">+${added}</span> <span class="fail">−${removed}</span>`;
}

function fileOf(
  { path, renamed_from, added, removed }: PatchFileDocument,
  { lines, omitted, isOpen }: { lines: readonly PatchLineDocument[]; omitted: number; isOpen: boolean },
): Markup {
  const left = omitted === 0 ? html`` : html` <strong>omitted: ${counted(omitted, "line")}</strong>`;
  const former = renamed_from === null ? html`` : html`<code>${escapeLine(renamed_from, pathLengthMax)}</code> → `;
  return html`<details class="file"${isOpen ? html` open` : html``}><summary>${former}<code>${escapeLine(path, pathLengthMax)}</code> <span class="count">${counts(added, removed)}</span>${left}</summary><pre>${lines.map((line, at) => lineOf(line, lines[at + 1]))}</pre></details>`;
}

/** `next`: the first line of a hunk says where the hunk begins. */
function lineOf({ kind, text, truncated }: PatchLineDocument, next: PatchLineDocument | undefined): Markup {
  const all = truncate(
    `${text}${truncated === undefined ? "" : ` … (${counted(truncated, "character")} omitted)`}`,
    lineLengthMax,
  );
  if (kind === "added") return html`<ins>+${all}</ins>`;
  if (kind === "removed") return html`<del>-${all}</del>`;
  if (kind === "same") return html`<span> ${all}</span>`;
  const line = kind === "hunk" ? (next?.after ?? next?.before ?? null) : null;
  // Behind the numbers, git repeats a line of code.
  return line === null ? html`<b>${all}</b>` : html`<b>line ${line}${all.replace(/^@@ [-+,\d ]+ @@/u, "")}</b>`;
}
