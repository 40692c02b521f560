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
  const { draft, plan } = document;
  if (plan !== undefined) return planDraftLines(document, plan);
  if (draft === null) return [draftEnding(document)];
  const parts = draftParts(draft).map(({ name, text }) => `  ${name.padEnd(12)}  ${escapeLine(text, 800)}`);
  const questions = draft.questions.map((text) => `  ${"it asks".padEnd(12)}  ${escapeLine(text, 300)}`);
  return [
    `draft ${document.run_id} by the coder, in its own words, not aedev's${usedOf(document)}:`,
    ...parts,
    `  ${"size".padEnd(12)}  ${draft.size}`,
    ...questions,
  ];
}

function planDraftLines(document: DraftDocument, { parts }: NonNullable<DraftDocument["plan"]>): string[] {
  const lines = parts.flatMap(({ name, text, criteria, files, creates, after, size }) => {
    const paths = [...files, ...creates.map((path) => `new ${path}`)].map((path) => escapeLine(path, 300));
    const facts = [
      ...criteria.map((criterion) => ["done when", escapeLine(criterion, 500)]),
      ...(paths.length === 0 ? [] : [["files", paths.join(", ")]]),
      ...(after.length === 0 ? [] : [["after", after.join(", ")]]),
      ["size", size === "large" ? "large: it must be cut into smaller parts" : size],
    ];
    return [`  ${name}: ${escapeLine(text, 300)}`, ...facts.map(([of = "", fact]) => `    ${of.padEnd(9)}  ${fact}`)];
  });
  const head = `plan ${document.run_id} proposed by the coder, in its own words, not aedev's${usedOf(document)}:`;
  return [head, ...lines];
}

function usedOf({ tokens, tokens_used: used }: DraftDocument): string {
  return used === null ? "" : `, ${roundedText(used)} of ${tokensText(tokens)}`;
}

/** The commands that accept a draft unchanged or, of a plan, edited. */
export function acceptLines({ mission_id, run_id, plan }: DraftDocument): string[] {
  const accept = `next: aedev mission answer ${mission_id} --accept-draft ${run_id}`;
  if (plan === undefined) return [accept];
  return [
    accept,
    `to edit it: aedev mission show ${mission_id} --yaml > plan.yaml, then aedev intake --file plan.yaml`,
  ];
}

/** Why there is nothing to accept, in one line. */
function draftEnding(document: DraftDocument): string {
  const { run_id, status } = document;
  if (status === "running") return `draft ${run_id}: the coder is reading the repository`;
  return runEnding(`draft ${run_id}`, document, { stopped: "the mission was decided or all runs were stopped" });
}
