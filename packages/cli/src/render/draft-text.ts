/** A draft as a person reads it in the terminal: the coder's own words, marked as such and escaped. */
import { escapeLine, roundedText, tokensText } from "@aedev/contracts";
import type { DraftDocument } from "@aedev/contracts/api";
import { runEnding } from "./run-failure.ts";

type Draft = NonNullable<DraftDocument["draft"]>;
/** A part that a person can keep, change or leave out. */
export interface DraftPart {
  readonly of: "title" | "place" | "criterion" | "test";
  readonly name: string;
  readonly text: string;
}

/** The parts in the order in which they are shown and asked about. */
export function draftParts({ title, place, criteria, test }: Draft): DraftPart[] {
  return [
    { of: "title", name: "title", text: title },
    { of: "place", name: "place", text: place },
    ...criteria.map((text, index) => ({ of: "criterion" as const, name: `criterion ${index + 1}`, text })),
    { of: "test", name: "test idea", text: test },
  ];
}

/** The whole draft, or why there is none. */
export function draftLines(document: DraftDocument): string[] {
  const { draft } = document;
  if (draft === null) return [draftEnding(document)];
  const parts = draftParts(draft).map(({ name, text }) => `  ${name.padEnd(12)}  ${escapeLine(text, 800)}`);
  const questions = draft.questions.map((text) => `  ${"it asks".padEnd(12)}  ${escapeLine(text, 300)}`);
  const used =
    document.tokens_used === null ? "" : `, ${roundedText(document.tokens_used)} of ${tokensText(document.tokens)}`;
  return [
    `draft ${document.run_id} by the coder, in its own words, not aedev's${used}:`,
    ...parts,
    `  ${"size".padEnd(12)}  ${draft.size}`,
    ...questions,
  ];
}

/** The command that accepts a draft unchanged. */
export function acceptCommand({ mission_id, run_id }: DraftDocument): string {
  return `aedev mission answer ${mission_id} --accept-draft ${run_id}`;
}

/** Why there is nothing to accept, in one line. */
function draftEnding(document: DraftDocument): string {
  const { run_id, status } = document;
  if (status === "running") return `draft ${run_id}: the coder is reading the repository`;
  return runEnding(`draft ${run_id}`, document, { stopped: "the mission was decided or all runs were stopped" });
}
