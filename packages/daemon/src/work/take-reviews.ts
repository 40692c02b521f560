/**
 * Turns what people with write access ask for on a waiting pull request into instructions. Their words are quoted line by line, so that no text can pass for
 * another part of the specification. Each review or comment counts once, as it was when it was read.
 */
import {
  canonicalJson,
  escapeLine,
  escapeText,
  foreignName,
  nullOn,
  type ReviewSource,
  refusedReviewsMax,
  specificationSchema,
  wordsCharactersMax,
} from "@aedev/contracts";
import { type CommandBody, reviewKey, type TaskState } from "@aedev/core";
import { sha256 } from "@aedev/host/sha256";
import type { Blobs } from "../control/parts.ts";
import { readSpecification } from "../control/read-blobs.ts";
import { firstSecret } from "../findings/secrets/person-text.ts";
import type { GitHubConnection } from "../github/connection.ts";
import { type RequestedChange, readRequestedChanges } from "../github/review-instructions.ts";
import { readVisible } from "../visible/read-visible.ts";

const pathCharactersMax = 300;

type Reviews = Extract<CommandBody, { kind: "RecordReviews" }>;

/** Null: nobody asks for anything new. Throws as `sendChange` does. */
export async function takeReviews(
  task: TaskState,
  { gitHub, number }: { gitHub: GitHubConnection; number: number },
  control: Blobs,
): Promise<Reviews | null> {
  // A revert is computed, so no run could follow such a review. It only keeps the revert from merging.
  if (task.reverts !== undefined) return null;
  const { reviews: known = [] } = task.pull_request ?? {};
  const keys = new Set(known.map((review) => reviewKey(review)));
  const asked = await readRequestedChanges(gitHub, { number, isKnown: (review) => keys.has(reviewKey(review)) });
  const command: Reviews = { kind: "RecordReviews", task_id: task.task_id, number, taken: null, refused: [] };
  const specification = readSpecification(control, task);
  const instructions = [...(specification.instructions ?? [])];
  const reviewed = [...(specification.reviewed ?? [])];
  const taken: ReviewSource[] = [];
  const words: string[] = [];
  for (const request of asked) {
    const visible = await visibleParts(request.parts);
    const texts = visible === null ? [] : instructionsOf({ ...request, parts: visible }, number);
    const source = {
      ...{ kind: request.kind, id: request.id, by: `github:${foreignName(request.login)}` },
      digest: sha256(texts.join("\n\n")),
    };
    const why = visible === null ? "too-long" : await refusalOf(request, texts);
    const amended = specificationSchema.safeParse({ ...specification, instructions: [...instructions, ...texts] });
    if (why !== null || !amended.success) {
      command.refused.push({ ...source, why: why ?? "too-many" });
      continue;
    }
    reviewed.push(...texts.map((_, index) => instructions.length + index));
    instructions.push(...texts);
    words.push(...texts);
    taken.push(source);
  }
  if (taken.length > 0) {
    const amended = canonicalJson(specificationSchema.parse({ ...specification, instructions, reviewed }));
    const blob = control.blobs.put(amended, "application/json");
    command.taken = { reviews: taken, words: words.join("\n\n"), specification: blob };
  }
  // Further refusals would not be recorded, so they would be read again each time.
  const isFull = known.filter(({ refused }) => refused).length >= refusedReviewsMax;
  return command.taken === null && (isFull || command.refused.length === 0) ? null : command;
}

/** What a reader sees of each part; null if that takes too long to find out. */
async function visibleParts(parts: RequestedChange["parts"]): Promise<RequestedChange["parts"] | null> {
  if (parts.length === 0) return parts;
  const read = await readVisible(parts.map(({ text }) => text)).catch(nullOn("text-unreadable"));
  return read === null ? null : parts.map((part, index) => ({ ...part, text: read[index]?.text ?? "" }));
}

async function refusalOf(
  { may, parts }: RequestedChange,
  texts: readonly string[],
): Promise<Reviews["refused"][number]["why"] | null> {
  if (may !== "yes") return may;
  if (parts.length === 0) return "empty";
  if (texts.some((text) => text.length > wordsCharactersMax)) return "too-long";
  // Scanned as written: quoting or escaping could hide a secret.
  const written = parts.map(({ text }, index) => ({ name: `part ${index + 1}`, text: text.toWellFormed() }));
  return (await firstSecret(written)) === null ? null : "secret";
}

/** Puts a request into as few instructions as their length limit allows. */
function instructionsOf({ kind, login, parts }: RequestedChange, number: number): string[] {
  const title = `A ${kind} of pull request #${number} by ${foreignName(login)}:`;
  const texts: string[] = [];
  for (const { place, text } of parts) {
    const at = place === null ? "" : `${escapeLine(place.path, pathCharactersMax)}${lineOf(place.line)}\n`;
    const lines = escapeText(text.toWellFormed().replace(/\r\n?/g, "\n").trim());
    const quoted = `${at}${lines.replace(/^/gm, "> ")}`;
    const before = texts.at(-1);
    const together = `${before ?? title}\n${quoted}`;
    if (before !== undefined && together.length > wordsCharactersMax) texts.push(`${title}\n${quoted}`);
    else texts.splice(-1, 1, together);
  }
  return texts;
}

function lineOf(line: number | null): string {
  return line === null ? "" : `:${line}`;
}
