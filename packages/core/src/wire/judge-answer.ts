/** A judge's raw words: read as an answer, and kept for the person as one document with a text for each look. Nothing here believes them. */
import { z } from "zod";
import { type JudgeAnswer, judgeAnswerSchema, type ViewName } from "./verdict.ts";

/** The answer in its schema, or null. A key that is null counts as absent: one vendor's schema has no unions, so a citation comes with all keys. */
export function parseJudgeAnswer(text: string): JudgeAnswer | null {
  return judgeAnswerSchema.safeParse(parsedJson(text)).data ?? null;
}

const keptSchema = z.strictObject({ plain: z.string().nullable(), blanked: z.string().nullable() });

/** One document of what each look was answered, at most `charactersMax` long; a text that does not fit is cut at its end. Null where nothing was said. */
export function keepAnswers(said: Readonly<Record<ViewName, string | null>>, charactersMax: number): string | null {
  if (said.plain === null && said.blanked === null) return null;
  const each = Math.floor((charactersMax - 100) / 2);
  return JSON.stringify({ plain: fitted(said.plain, each), blanked: fitted(said.blanked, each) });
}

/** Halved until its JSON fits: escapes make of one character up to six. */
function fitted(text: string | null, charactersMax: number): string | null {
  let kept = text?.toWellFormed().slice(0, charactersMax).toWellFormed() ?? null;
  while (kept !== null && JSON.stringify(kept).length > charactersMax)
    kept = kept.slice(0, Math.floor(kept.length / 2)).toWellFormed();
  return kept;
}

/** The answers in a kept document, or in the bare text that records from before had; what can't be read is left out. */
export function keptAnswers(text: string): JudgeAnswer[] {
  const kept = keptSchema.safeParse(parsedJson(text, { keepNull: true })).data;
  const texts = kept === undefined ? [text] : [kept.plain, kept.blanked];
  return texts.flatMap((said) => (said === null ? [] : (parseJudgeAnswer(said) ?? [])));
}

function parsedJson(text: string, { keepNull } = { keepNull: false }): unknown {
  try {
    return JSON.parse(text, (_key, part: unknown) => (part === null && !keepNull ? undefined : part));
  } catch {
    return undefined;
  }
}
