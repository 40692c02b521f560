/** What a change did to tests, for a person at a terminal. Every line is escaped. */
import { escapeLine, testChangeLines, testChangesSchema } from "@aedev/contracts";

const lineLengthMax = 400;

/** Empty if the bundle has no such report. `entries`: the bundle's entries by name. */
export function testChangesText(entries: Readonly<Record<string, unknown>>): string {
  const changes = testChangesSchema.safeParse(entries["test-changes"]).data;
  const lines = changes === undefined ? [] : testChangeLines(changes);
  return lines.length === 0
    ? ""
    : ["what the change does to the tests:", ...lines.map((line) => `  ${escapeLine(line, lineLengthMax)}`)].join("\n");
}
