/** Which green tests were shown able to fail, for a person at a terminal. Every line is escaped. */
import { escapeLine, provennessLines, provennessSchema } from "@aedev/contracts";

const lineLengthMax = 400;
const nameLengthMax = 100;

/** Empty if the bundle has no such report. `entries`: the bundle's entries by name. */
export function provennessText(entries: Readonly<Record<string, unknown>>): string {
  const found = provennessSchema.safeParse(entries.provenness).data;
  const lines = found === undefined ? [] : provennessLines(found, (name) => escapeLine(name, nameLengthMax));
  return lines.map((line) => escapeLine(line, lineLengthMax)).join("\n");
}
