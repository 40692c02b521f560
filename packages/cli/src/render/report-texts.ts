/**
 * Reports of a bundle for a person at a terminal: which green tests were shown able to fail, what changed functions gave outside the tests, and what the
 * change did to tests. Every line is escaped, and a missing report gives no lines.
 */
import {
  escapeLine,
  independentTestsSchema,
  independentTestsText,
  outsideReplayLines,
  outsideReplaySchema,
  provennessLines,
  provennessSchema,
  secondImplementationSchema,
  secondImplementationText,
  testChangeLines,
  testChangesSchema,
} from "@aedev/contracts";
import { titled } from "./columns.ts";

const nameLengthMax = 100;
const lineLengthMax = 400;
const replayLengthMax = 500;

type Entries = Readonly<Record<string, unknown>>;

export function provennessText(entries: Entries): string {
  const found = provennessSchema.safeParse(entries["provenness"]).data;
  const lines = found === undefined ? [] : provennessLines(found, (name) => escapeLine(name, nameLengthMax));
  return lines.map((line) => escapeLine(line, lineLengthMax)).join("\n");
}

export function replayText(entries: Entries): string {
  const found = outsideReplaySchema.safeParse(entries["replay"]).data;
  const lines = found === undefined ? [] : outsideReplayLines(found, (text) => escapeLine(text, replayLengthMax));
  return lines.map((line) => escapeLine(line, replayLengthMax)).join("\n");
}

export function secondImplementationLines(entries: Entries): string {
  const found = secondImplementationSchema.safeParse(entries["second-implementation"]).data;
  return found === undefined
    ? ""
    : escapeLine(
        secondImplementationText(found, (text) => escapeLine(text, replayLengthMax)),
        lineLengthMax,
      );
}

export function independentText(entries: Entries): string {
  const found = independentTestsSchema.safeParse(entries["independent-tests"]).data;
  return found === undefined
    ? ""
    : escapeLine(
        independentTestsText(found, (name) => escapeLine(name, nameLengthMax)),
        lineLengthMax,
      );
}

export function testChangesText(entries: Entries): string {
  const changes = testChangesSchema.safeParse(entries["test-changes"]).data;
  const lines = changes === undefined ? [] : testChangeLines(changes);
  const escaped = lines.map((line) => `  ${escapeLine(line, lineLengthMax)}`);
  return titled("what the change does to the tests:", escaped).join("\n");
}
