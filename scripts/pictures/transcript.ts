/** Turns a recorded terminal session into lines of styled text, without anything specific to the machine. Pure. */
import { stripVTControlCharacters } from "node:util";

export type Style = "plain" | "good" | "bad" | "asked" | "strong" | "faint";
export interface Span {
  readonly style: Style;
  readonly text: string;
}
export type Line = readonly Span[];

/** The codes of the demo's own colours; any other code ends a style. */
const styles: Readonly<Record<string, Style>> = {
  "1": "strong",
  "2": "faint",
  "31": "bad",
  "32": "good",
  "33": "asked",
};

/** Of an overwritten line (a progress line), the last version counts. */
export function linesOf(recorded: string): Line[] {
  return recorded.split("\n").map((line) => spansOf(line.replace(/\r+$/, "").split("\r").at(-1) ?? ""));
}

function spansOf(line: string): Line {
  const spans: Span[] = [];
  let style: Style = "plain";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what a terminal's colours start with
  for (const part of line.split(/(\u001b\[[0-9;]*m)/)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
    const code = /^\u001b\[([0-9;]*)m$/.exec(part)?.[1];
    if (code !== undefined) style = styles[code] ?? "plain";
    else {
      const text = stripVTControlCharacters(part).replace(/[\p{Cc}]/gu, "");
      if (text !== "") spans.push({ style, text });
    }
  }
  return spans;
}

export function textOf(line: Line): string {
  return line.map(({ text }) => text).join("");
}

/** Replaces texts that are specific to the machine in every span. */
export function normalized(lines: readonly Line[], own: readonly (readonly [RegExp, string])[]): Line[] {
  return lines.map((line) =>
    line.map(({ style, text }) => ({ style, text: own.reduce((all, [from, to]) => all.replace(from, to), text) })),
  );
}

/** From the first line that matches `from` to the line before the next match of `to`, at most `linesMax` lines. */
export interface Part {
  readonly from: RegExp;
  readonly to?: RegExp;
  readonly linesMax?: number;
}

/** The parts in order, with the number of omitted lines between two of them. Throws if the start of a part is missing. */
export function excerpt(lines: readonly Line[], parts: readonly Part[]): Line[] {
  const kept: Line[] = [];
  let end = -1;
  for (const { from, to, linesMax = Number.POSITIVE_INFINITY } of parts) {
    const start = lines.findIndex((line, place) => place >= end && from.test(textOf(line)));
    if (start < 0) throw new Error(`no line matches ${from}`);
    const next = to === undefined ? -1 : lines.findIndex((line, place) => place > start && to.test(textOf(line)));
    const left = start - Math.max(end, 0);
    if (end >= 0 && left > 0) kept.push([{ style: "faint", text: `… ${left} lines …` }], []);
    end = Math.min(next < 0 ? lines.length : next, start + linesMax);
    kept.push(...lines.slice(start, end));
  }
  return kept;
}
