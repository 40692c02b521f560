/** A file with one decided case per line, which grows while a measurement runs. */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { type DecidedRow, decidedRowSchema } from "../../test/support/decisions/decided-row.ts";

export interface RowsFile {
  readonly rows: readonly DecidedRow[];
  /** Whether the file has a line for this case and layer. */
  has(row: Pick<DecidedRow, "source" | "case" | "layer">): boolean;
  add(row: DecidedRow): void;
}

/** Without a path, the rows are only kept in memory. */
export function openRows(path: string | undefined): RowsFile {
  const stored = path !== undefined && existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  const rows = stored.filter((line) => line !== "").map((line) => decidedRowSchema.parse(JSON.parse(line)));
  return {
    rows,
    has: ({ source, case: name, layer }) =>
      rows.some((row) => row.source === source && row.case === name && row.layer === layer),
    add(row) {
      rows.push(row);
      if (path !== undefined) appendFileSync(path, `${JSON.stringify(row)}\n`);
    },
  };
}
