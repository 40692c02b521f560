/** docs/ERRORS.md says of every hold, and docs/REASONS.md of every reason, what the code says of it; every row names what helps. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { holdResumes } from "../packages/contracts/src/hold-code.ts";
import { homeSignalSchema } from "../packages/contracts/src/home-signal.ts";
import { holdCodes, holdMeanings, type Meaning, reasonMeanings } from "../packages/contracts/src/index.ts";

/** The rows of a document's last table: code, how it continues (holds only), meaning, help. */
function rowsOf(name: "ERRORS" | "REASONS"): string[][] {
  const document = readFileSync(join(import.meta.dirname, `../docs/${name}.md`), "utf8");
  const text = document.slice(document.lastIndexOf("| --- |"));
  return [...text.matchAll(/^\| `([\w-]+)` \| (.+) \|$/gm)].map(([, code = "", rest = ""]) => [
    code,
    ...rest.split(" | "),
  ]);
}
const asRows = (table: Readonly<Record<string, Meaning>>) =>
  Object.entries(table).map(([code, { means, helps }]) => [code, means, helps]);

describe("the tables of docs", () => {
  it("have a row for each hold with the words of `hold show`, in order of precedence", () => {
    expect(rowsOf("ERRORS").map(([code, , ...words]) => [code, ...words])).toEqual(asRows(holdMeanings));
    expect(Object.keys(holdMeanings)).toEqual([...holdCodes]);
  });

  it("say of each hold how it continues, as the code does", () => {
    const said = { never: "when you act", probe: "by a probe", instant: "at its time" };
    expect(rowsOf("ERRORS").map(([code, continues]) => [code, continues])).toEqual(
      holdCodes.map((code) => [code, said[holdResumes[code]]]),
    );
  });

  it("have a row for each reason with the words of `hold show`", () => {
    expect(rowsOf("REASONS")).toEqual(asRows(reasonMeanings));
    expect(rowsOf("REASONS").length).toBeGreaterThan(30);
  });

  it("have a row for each kind of signal", () => {
    const document = readFileSync(join(import.meta.dirname, "../docs/OPERATIONS.md"), "utf8");
    const section = document.slice(document.indexOf("\n## Signals\n"), document.indexOf("\n## Metrics\n"));
    const rows = [...section.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, kind]) => kind);
    expect(rows).toEqual(homeSignalSchema.shape.kind.options);
  });

  it("name a command in each of them, or says that nothing is needed", () => {
    const without = [...rowsOf("ERRORS"), ...rowsOf("REASONS")].filter(
      (row) => !/`(aedev|\.\/scripts)[ /][^`]+`/.test(row.at(-1) ?? "") && !row.at(-1)?.startsWith("Nothing"),
    );
    expect(without).toEqual([]);
  });
});
