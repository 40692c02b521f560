/** Every hold and every reason names what helps, and docs/OPERATIONS.md has a row for each signal. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { homeSignalSchema } from "../packages/contracts/src/home-signal.ts";
import { holdCodes, holdMeanings, reasonMeanings } from "../packages/contracts/src/index.ts";

describe("holds, reasons and signals", () => {
  it("each signal has a row in docs/OPERATIONS.md", () => {
    const document = readFileSync(join(import.meta.dirname, "../docs/OPERATIONS.md"), "utf8");
    const section = document.slice(document.indexOf("\n## Signals\n"), document.indexOf("\n## Watch it"));
    const rows = [...section.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, kind]) => kind);
    expect(rows).toEqual(homeSignalSchema.shape.kind.options);
  });

  it("meanings of holds are listed in order of precedence", () => {
    expect(Object.keys(holdMeanings)).toEqual([...holdCodes]);
    expect(Object.keys(reasonMeanings).length).toBeGreaterThan(30);
  });

  it("each hold and each reason names a command, or says that nothing is needed", () => {
    const without = [...Object.entries(holdMeanings), ...Object.entries(reasonMeanings)].filter(
      ([, { helps }]) => !/`(aedev|\.\/scripts)[ /][^`]+`/.test(helps) && !helps.startsWith("Nothing"),
    );
    expect(without).toEqual([]);
  });
});
