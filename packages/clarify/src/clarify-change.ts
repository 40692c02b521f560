/** Reads what a person wants changed in a specification that waits for its approval. Their words count like one more answer. */
import type { ClarificationRules } from "@aedev/contracts";
import { type AnsweredMission, type Clarified, rescored } from "./clarify.ts";
import { textLanguage } from "./reading/language.ts";
import { wordingOf } from "./wording/wording.ts";

/** The id of the answer that says what should change. No question of clarification has this id. */
const changeId = "change";

/** The mission with these words, scored again. They can add criteria or raise questions, as an answer can. */
export function clarifyChange(
  mission: AnsweredMission,
  words: string,
  rules: ClarificationRules,
): Clarified & { readonly answers: AnsweredMission["answers"] } {
  const question = wordingOf(textLanguage(mission.text)).whatChanges;
  const answers = [{ question_id: changeId, question, text: words }];
  return { ...rescored(mission, answers, { rules, drafted: [] }), answers };
}
