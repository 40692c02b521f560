/**
 * Performs one judgement. Contract: never throws for an outside failure. A missing key is `not_configured` without a call; every other failure is
 * inconclusive.
 *
 * Folder: the judgement plane: one judgement, asking again, checking an answer.
 */
import {
  addJudgeUsage,
  type Family,
  Fault,
  type JudgeEvidence,
  type JudgeEvidenceReport,
  type JudgeTry,
  judgePromptDigest,
  keepAnswers,
  type Verdict,
  type ViewName,
  viewNames,
} from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import type { Pacing } from "@aedev/host/retry-pacing";
import { sha256 } from "@aedev/host/sha256";
import { decideVerdict, inconclusive } from "./answer.ts";
import { type AskedView, askUntilAnswered } from "./ask-again.ts";
import { judgeKey, withoutKey } from "./keys.ts";
import { keptAnswerCharactersMax } from "./prompt/bounds.ts";
import { type Bundle, readBundle } from "./prompt/bundle.ts";
import { type Evidence, readEvidence } from "./prompt/evidence-text.ts";
import { buildPrompt, type Prompt } from "./prompt/prompt.ts";
import { type AskJudge, type JudgeOutcome, noJudgeUsage } from "./vendor/outcome.ts";
import { type CombinedVerdict, combineViews } from "./view/combine-views.ts";

interface JudgeContext {
  home: string;
  secrets: Readonly<Record<string, string>>;
  systemText: string;
  /** Writes a sentence to the plane's own log, e.g. why a key could not be read; never a secret. */
  complain: (sentence: string) => void;
  pacing: Pacing;
}
type Judged = Pick<Verdict, "verdict" | "detail" | "views" | "usage" | "tries"> & { answer: string | null };

/** Clients are loaded on first use, which saves much memory in an idle plane. */
export const askers: Record<Family, AskJudge> = {
  openai: async (question) => (await import("./vendor/openai.ts")).askOpenai(question),
  compatible: async (question) => (await import("./vendor/openai.ts")).askCompatible(question),
  gemini: async (question) => (await import("./vendor/gemini.ts")).askGemini(question),
};

export async function judgeEvidence(work: JudgeEvidence, context: JudgeContext): Promise<JudgeEvidenceReport> {
  const { answer, ...judged } = await judge(work, context);
  const { work_id, nonce, generation, family, model, bundle, prompt_digest } = work;
  const verdict = { family, model, bundle_digest: bundle.digest, prompt_digest, ...judged };
  return { kind: "JudgeEvidence", work_id, nonce, generation, verdict, answer };
}

const unasked = (decision: CombinedVerdict): Judged => ({ ...decision, views: [], usage: noJudgeUsage, answer: null });

async function judge(work: JudgeEvidence, context: JudgeContext): Promise<Judged> {
  if (judgePromptDigest(context.systemText, sha256) !== work.prompt_digest) {
    context.complain("the judge prompt file changed after the daemon started; restart the daemon");
    return unasked(inconclusive("digest"));
  }
  const key = orFault(() => judgeKey(work.family, { home: context.home, given: context.secrets }), context);
  if (key === null || key instanceof Fault) return unasked({ verdict: "not_configured", detail: null });
  const read = orFault(() => readForJudging(work, context), context);
  if (read instanceof Fault) return unasked(inconclusive(read.code === "bundle-too-large" ? "too_large" : "digest"));
  const { bundle, evidence } = read;
  const options = { system: context.systemText, nonce: work.verdict_nonce, bundleDigest: bundle.digest };
  const prompts: { view: ViewName; prompt: Prompt }[] = [];
  for (const view of viewNames) {
    const prompt = buildPrompt(evidence, { ...options, view, promptBytes: work.prompt_bytes });
    if ("refused" in prompt) return unasked(inconclusive(prompt.refused));
    prompts.push({ view, prompt });
  }
  return judgedOf(await askViews(prompts, { work, key, expected: expectedOf(work, bundle, evidence) }, context), key);
}

/** Asks for both views at once, because the judgement has one deadline. After a fail the other view is not asked again: its answer would not matter. */
async function askViews(
  prompts: readonly { view: ViewName; prompt: Prompt }[],
  { work, key, expected }: { work: JudgeEvidence; key: string; expected: Parameters<typeof decideVerdict>[1] },
  { pacing }: JudgeContext,
): Promise<{ answers: (AskedView & { view: ViewName })[]; tries: JudgeTry[] }> {
  const stop = new AbortController();
  const deadline = pacing.now() + work.deadline_ms;
  const answers = await Promise.all(
    prompts.map(async ({ view, prompt }) => {
      if (work.passed_views.includes(view)) return { view, ...passedBefore };
      const asked = await askUntilAnswered({
        ask: (timeoutMs) => ask(prompt, { work, key, timeoutMs }),
        decide: (outcome) => decideVerdict(outcome, expected),
        deadline,
        tries: work.tries,
        timeoutMs: work.timeout_ms,
        estimatedTokens: estimatedTokens(prompt, work.answer_tokens),
        stop: stop.signal,
        pacing,
      });
      if (asked.verdict === "fail") stop.abort();
      return { view, ...asked };
    }),
  );
  return { answers, tries: triesOf(answers) };
}

/** Tokens per byte of a prompt, estimated high: code and prose have fewer. */
const tokensPerByte = 0.25;

function estimatedTokens({ system, user }: Prompt, answerTokens: number): number {
  return Math.ceil((Buffer.byteLength(system) + Buffer.byteLength(user)) * tokensPerByte) + answerTokens;
}

/** A view that passed when this judge was asked earlier. */
const passedBefore: AskedView = {
  verdict: "pass",
  detail: null,
  outcome: { kind: "answered", text: "", usage: noJudgeUsage },
  attempts: [],
  usage: noJudgeUsage,
};

/** Empty if each view was asked once: the verdict then says everything. */
function triesOf(answers: readonly (AskedView & { view: ViewName })[]): JudgeTry[] {
  if (answers.every(({ attempts }) => attempts.length <= 1)) return [];
  return answers.flatMap(({ view, attempts }) => attempts.map((attempt) => ({ view, ...attempt })));
}

function ask(
  prompt: Prompt,
  { work, key, timeoutMs }: { work: JudgeEvidence; key: string; timeoutMs: number },
): Promise<JudgeOutcome> {
  const { model, base_url: baseUrl, answer_tokens: answerTokens } = work;
  return askers[work.family]({ ...prompt, model, baseUrl, key, timeoutMs, answerTokens });
}

function expectedOf(work: JudgeEvidence, bundle: Bundle, { specification, patch }: Evidence) {
  const { verdict_nonce: nonce, min_confidence_permille: minConfidencePermille } = work;
  const criterionIds = specification.criteria.map(({ id }) => id);
  return { nonce, bundleDigest: bundle.digest, criterionIds, manifest: bundle.manifest, patch, minConfidencePermille };
}

function judgedOf({ answers, tries }: Awaited<ReturnType<typeof askViews>>, key: string): Judged {
  const answerTexts: Record<ViewName, string | null> = { plain: null, blanked: null };
  let usage = noJudgeUsage;
  for (const { view, outcome, usage: used } of answers) {
    // An endpoint may echo the key.
    answerTexts[view] = outcome.text === null || outcome.text === "" ? null : withoutKey(outcome.text, key);
    usage = addJudgeUsage(usage, used);
  }
  const views = answers.map(({ view, verdict, detail }) => ({ view, verdict, detail }));
  const answer = keepAnswers(answerTexts, keptAnswerCharactersMax);
  return { ...combineViews(views), views, usage, ...(tries.length === 0 ? {} : { tries }), answer };
}

function readForJudging(work: JudgeEvidence, { home }: JudgeContext): { bundle: Bundle; evidence: Evidence } {
  const bundle = readBundle(homeLayout(home).bundles, work.bundle, { patchBytes: work.prompt_bytes });
  return { bundle, evidence: readEvidence(bundle) };
}

/** Logs a Fault and returns it, because a verdict follows from it. Any other error is a bug and is rethrown. */
function orFault<Value>(read: () => Value, { complain }: JudgeContext): Value | Fault {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    complain(thrown.hint === undefined ? thrown.message : `${thrown.message}; ${thrown.hint}`);
    return thrown;
  }
}
