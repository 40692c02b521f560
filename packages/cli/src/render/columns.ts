/** Lines of aligned columns; every cell is one escaped line, so that foreign text can't forge a row. */
import { escapeLine } from "@aedev/contracts";

const cellLengthMax = 100;
const lineLengthMax = 2000;

/** Rows under their headings, or `empty` if there are none. */
export function columns(
  headings: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
  empty: string,
): string {
  if (rows.length === 0) return empty;
  const cells = [headings, ...rows].map((row) => row.map((cell) => escapeLine(String(cell ?? "-"), cellLengthMax)));
  const widths = headings.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Rows under their headings, each followed by whole lines: a command in a cell would be truncated. */
export function rowsWithLines(
  headings: readonly string[],
  rows: readonly { readonly cells: readonly (string | null)[]; readonly under: readonly string[] }[],
  empty: string,
): string {
  const [head = "", ...lines] = columns(
    headings,
    rows.map(({ cells }) => cells),
    empty,
  ).split("\n");
  const under = (index: number) => (rows[index]?.under ?? []).map((line) => `    ${escapeLine(line, lineLengthMax)}`);
  return [head, ...lines.flatMap((line, index) => [line, ...under(index)])].join("\n");
}

/** Lines under their title; empty without lines. */
export function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

/** `label: value` lines with aligned values; null values are left out. */
export function pairs(list: readonly (readonly [label: string, value: string | number | null])[]): string {
  const present = list.filter(([, value]) => value !== null);
  const width = Math.max(0, ...present.map(([label]) => label.length));
  return present
    .map(([label, value]) => `${`${label}:`.padEnd(width + 1)} ${escapeLine(String(value), lineLengthMax)}`)
    .join("\n");
}
