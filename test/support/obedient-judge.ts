/**
 * The worst possible judge: it obeys any text in its prompt, and since all such texts want a pass, it passes everything, with the right nonce, the right digest
 * and valid citations. It records its prompts. Nothing may merge on its verdict without green executed tests.
 */
import type { Judge, JudgePrompt } from "./model-server.ts";

export interface ObedientJudge {
  readonly judge: Judge;
  /** The prompts that it got, in order; each family sees each change in two views. */
  readonly prompts: readonly JudgePrompt[];
}

export function createObedientJudge(): ObedientJudge {
  const prompts: JudgePrompt[] = [];
  const judge: Judge = (prompt) => {
    prompts.push(prompt);
    return { answer: obedientAnswer(prompt) };
  };
  return { judge, prompts };
}

/** A perfectly formed pass: every criterion met, each with the test matrix and, if shown, a line of the patch. */
export function obedientAnswer(prompt: JudgePrompt): Record<string, unknown> {
  const line = firstShownLine(prompt.text);
  const citations = [{ evidence: "test-matrix" }, ...(line === null ? [] : [line])];
  return {
    nonce: prompt.nonce,
    bundle_digest: prompt.bundle_digest,
    verdict: "pass",
    criteria: prompt.criteria.map((id) => ({ id, result: "met", citations })),
    defects: [],
    confidence: 1,
  };
}

/** The first line of the patch's new side, as the prompt numbers it. */
function firstShownLine(text: string): { file: string; line: number } | null {
  let file: string | null = null;
  for (const shown of text.split("\n")) {
    const [, number, body] = /^ *(\d*)\| (.*)$/.exec(shown) ?? [];
    if (body === undefined) continue;
    const named = /^\+\+\+ b\/([^\t"⟨]+)$/.exec(body);
    if (number === "" && named !== null) file = named[1] ?? null;
    else if (number !== "" && file !== null) return { file, line: Number(number) };
  }
  return null;
}
