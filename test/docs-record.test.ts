/** `docs --record` notes counts and dates of the proofs whose tests are in vitest's reports, and leaves all others unchanged. */
import { describe, expect, it } from "vitest";
import { proofTable, withResults } from "../scripts/docs/proofs.ts";

const proofs = `# Kept.
- section: First
  proofs:
    - what: one file
      tests: [test/a.test.ts]
      date: 2026-01-01
      result: passed, 1
    - what: a folder, of which a file failed
      tests: [packages/x/test]
    - what: a file that did not run
      tests: [test/a.test.ts, test/absent.test.ts]
      result: passed, 9
    - what: a command
      command: ./scripts/demo
      result: exit 0
`;
const file = (name: string, statuses: string[], status = "passed") => ({
  name,
  status,
  assertionResults: statuses.map((one) => ({ status: one })),
});
const report = (...testResults: object[]) => JSON.stringify({ testResults });
const options = { root: "/repo", today: "2026-02-03" };

describe("recorded results of proofs", () => {
  const noted = withResults(
    proofs,
    [
      report(file("/repo/test/a.test.ts", ["passed", "passed", "skipped"])),
      report(
        file("/repo/packages/x/test/deep/b.test.ts", ["passed", "failed"]),
        file("/repo/packages/x/test/c.test.ts", [], "failed"),
        file("/repo/packages/x/testing.test.ts", ["failed"]),
      ),
    ],
    options,
  );

  it("are the counts of today's reports, also for a folder and for a file that could not be loaded", () => {
    const table = proofTable(noted);
    expect(table).toContain("| one file | `test/a.test.ts` | 2, 1 skipped |");
    expect(table).toContain("| a folder, of which a file failed | `packages/x/test` | FAILED, 2 of 3 |");
  });

  it("say the date that most of them have once, apart for those by night, and other dates in their row", () => {
    const rows = [
      ...["2026-02-01", "2026-02-03", "2026-02-03"].map(
        (date) => `{ what: x, command: c, date: ${date}, result: "passed, 2" }`,
      ),
      "{ what: y, command: c, date: 2026-02-02, result: passed by night }",
    ];
    const lines = proofTable(`- section: s\n  proofs: [${rows.join(", ")}]\n`).split("\n");
    expect(lines[0]).toBe("| capability | proof | tests passed (2026-02-03, by night 2026-02-02) |");
    expect(lines.slice(3)).toEqual([
      "| x | `c` | 2026-02-01: 2 |",
      "| x | `c` | 2 |",
      "| x | `c` | 2 |",
      "| y | `c` | by night |",
    ]);
  });

  it("a result stays unchanged if a test did not run or a command is noted by hand, and comments stay", () => {
    expect(proofTable(noted)).toContain("`test/absent.test.ts` | 9 |");
    expect(proofTable(noted)).toContain("| a command | `./scripts/demo` | exit 0 |");
    expect(noted).toContain("# Kept.");
  });
});
