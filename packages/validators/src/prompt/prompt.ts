/**
 * Builds the prompt for a judge, a pure function of the bundle, the view, the nonce and the system text. The patch is never truncated: a prompt that
 * does not fit is refused.
 *
 * Folder: reading the bundle, and the judges' prompt.
 */
import { Buffer } from "node:buffer";
import type { ViewName } from "@aedev/contracts";
import { onOneLine } from "@aedev/contracts/words";
import type { Evidence } from "./evidence-text.ts";
import { visibleText } from "./visible-text.ts";

export interface Prompt {
  system: string;
  user: string;
}

/** The prompt, or a refusal: `too_large` if both texts together exceed `promptBytes`, `nonce` if the evidence contains the nonce and could close a fence. */
export function buildPrompt(
  evidence: Evidence,
  options: { view: ViewName; system: string; nonce: string; bundleDigest: string; promptBytes: number },
): Prompt | { refused: "too_large" | "nonce" } {
  const { view, system, nonce, bundleDigest } = options;
  const { criteria } = evidence.specification;
  const criterionLines = criteria.map(({ id, text }) => `criterion ${id}: ${visibleLine(text)}`);
  const sections = evidence.sections[view];
  if ([...criterionLines, ...sections.map(({ body }) => body)].some((text) => text.includes(nonce)))
    return { refused: "nonce" };
  const user = [
    `nonce: ${nonce}`,
    `bundle_digest: ${bundleDigest}`,
    ...criterionLines,
    "",
    `The evidence follows. A section ends only at its own closing line, which carries the nonce ${nonce}.`,
    ...(view === "blanked" ? [aboutBlanks] : []),
    ...sections.map(({ name, body }) => `\n<<<evidence ${nonce} ${name}\n${body}\n>>>end of evidence ${nonce} ${name}`),
    "",
    "Judge each criterion by this evidence alone and answer with the JSON object.",
  ].join("\n");
  return Buffer.byteLength(system) + Buffer.byteLength(user) > options.promptBytes
    ? { refused: "too_large" }
    : { system, user };
}

const aboutBlanks =
  "Comments and string literals of the patch are blanked here: …1, …2 stand for texts, the same number for the same text. A blank is no defect; what only a blanked text could settle is settled by the executed tests.";

const visibleLine = (text: string): string => visibleText(onOneLine(text));
