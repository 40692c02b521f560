/** Which models did what, and how changes turned out under each version of the judges' prompt. */
import type { ModelsDocument, PromptRow } from "@aedev/contracts/api";
import type { GateDecision } from "@aedev/contracts/events";
import { isAnswer } from "../judges/canary-verdicts.ts";
import { rateOf } from "../judges/statistics.ts";
import type { PriceList } from "../usage/price-list.ts";
import { sumUsage } from "../usage/usage-sum.ts";
import type { JudgedFacts, WorkHistory } from "./work-history.ts";

/** Models by role with their use, and the outcomes under each prompt of the judges. */
export function modelsDocument(
  history: WorkHistory,
  { position, since, prices }: { position: number; since: string | null; prices: PriceList },
): ModelsDocument {
  const isIn = ({ at }: { at: string }) => since === null || at >= since;
  const charges = history.charges.filter((charge) => isIn(charge) && charge.model !== null);
  const ended = history.runs.filter(({ role, end }) => role === "run" && end !== null && isIn(end));
  const asked = history.judged.filter((one) => isIn(one) && one.verdict.verdict !== "not_configured");
  return {
    ...{ position, since },
    models: [...Map.groupBy(charges, ({ model, kind }) => `${model} ${kind}`).values()]
      .map((all) => ({
        model: all[0]?.model ?? "",
        role: all[0]?.kind ?? "",
        used: sumUsage(all, prices),
        last_at: all.at(-1)?.at ?? "",
      }))
      .toSorted((one, other) => other.used.tokens - one.used.tokens),
    runs: { ended: ended.length, without_change: ended.filter(({ end }) => end?.how === "without-change").length },
    prompts: [
      ...Map.groupBy(asked, ({ verdict }) => `${verdict.prompt_digest} ${verdict.family} ${verdict.model}`).values(),
    ]
      .flatMap(promptRow)
      .toSorted((one, other) => (one.last_at < other.last_at ? 1 : -1)),
  };
}

function promptRow(all: readonly JudgedFacts[]): PromptRow[] {
  const [first] = all;
  if (first === undefined) return [];
  const { prompt_digest, family, model } = first.verdict;
  const answered = all.filter(({ verdict }) => isAnswer(verdict));
  const verdicts = (wanted: string) =>
    rateOf(answered.filter(({ verdict }) => verdict.verdict === wanted).length, answered.length);
  const decided = all.filter(({ answer }) => answer !== null);
  const decisions = (wanted: GateDecision) =>
    rateOf(decided.filter(({ answer }) => answer === wanted).length, decided.length);
  return [
    {
      ...{ prompt_digest, family, model, first_at: first.at, last_at: all.at(-1)?.at ?? first.at },
      verdicts: {
        ...{ pass: verdicts("pass"), fail: verdicts("fail"), inconclusive: verdicts("inconclusive") },
        no_answer: all.length - answered.length,
      },
      decisions: { merge: decisions("merge"), ask: decisions("ask"), hold: decisions("hold") },
    },
  ];
}
