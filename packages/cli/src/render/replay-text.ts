/** What changed functions gave outside the tests, for a person at a terminal. Every line is escaped. */
import { escapeLine, outsideReplayLines, outsideReplaySchema } from "@aedev/contracts";

const lineLengthMax = 500;

/** Empty if the bundle has no such report. `entries`: the bundle's entries by name. */
export function replayText(entries: Readonly<Record<string, unknown>>): string {
  const found = outsideReplaySchema.safeParse(entries.replay).data;
  const lines = found === undefined ? [] : outsideReplayLines(found, (text) => escapeLine(text, lineLengthMax));
  return lines.map((line) => escapeLine(line, lineLengthMax)).join("\n");
}
