/** A judge's raw text: parsed as an answer, and stored for people as one document with one text per view. Nothing here trusts it. */
import { z } from "zod";
import { type JudgeAnswer, judgeAnswerSchema, type ViewName } from "./verdict.ts";

/** The parsed answer, or null. A null key counts as absent: one vendor's schema has no unions, so its citations have every key. */
export function parseJudgeAnswer(text: string): JudgeAnswer | null {
  return judgeAnswerSchema.safeParse(parsedJson(text)).data ?? null;
}

const keptSchema = z.strictObject({ plain: z.string().nullable(), blanked: z.string().nullable() });

/** One document with the answer for each view, at most `charactersMax` long; a longer text is truncated. Null if there is no answer. */
export function keepAnswers(said: Readonly<Record<ViewName, string | null>>, charactersMax: number): string | null {
  if (said.plain === null && said.blanked === null) return null;
  const each = Math.floor((charactersMax - 100) / 2);
  return JSON.stringify({ plain: fitted(said.plain, each), blanked: fitted(said.blanked, each) });
}

/** Halves the text until its JSON fits: one character can take up to six when escaped. */
function fitted(text: string | null, charactersMax: number): string | null {
  let kept = text?.toWellFormed().slice(0, charactersMax).toWellFormed() ?? null;
  while (kept !== null && JSON.stringify(kept).length > charactersMax)
    kept = kept.slice(0, Math.floor(kept.length / 2)).toWellFormed();
  return kept;
}

/** The answers in a stored document; those that can't be parsed are left out. */
export function keptAnswers(text: string): JudgeAnswer[] {
  const kept = keptSchema.safeParse(parsedJson(text, { keepNull: true })).data;
  const texts = kept === undefined ? [] : [kept.plain, kept.blanked];
  return texts.flatMap((said) => (said === null ? [] : (parseJudgeAnswer(said) ?? [])));
}

function parsedJson(text: string, { keepNull } = { keepNull: false }): unknown {
  try {
    return JSON.parse(text, (_key, part: unknown) => (part === null && !keepNull ? undefined : part));
  } catch {
    return undefined;
  }
}
