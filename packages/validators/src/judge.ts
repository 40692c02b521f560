/** Carries out one judgement. Contract: never throws for an outside failure. A missing key is `not_configured` without a call; every other failure is inconclusive. */
import {
  type Family,
  Fault,
  type JudgeEvidence,
  type JudgeEvidenceReport,
  judgePromptDigest,
  keepAnswers,
  type Verdict,
  type ViewName,
  viewNames,
} from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import { sha256 } from "@aedev/host/sha256";
import { decideVerdict, inconclusive } from "./answer.ts";
import { judgeKey, withoutKey } from "./keys.ts";
import { keptAnswerCharactersMax } from "./prompt/bounds.ts";
import { type Bundle, readBundle } from "./prompt/bundle.ts";
import { type Evidence, readEvidence } from "./prompt/evidence-text.ts";
import { buildPrompt, type Prompt } from "./prompt/prompt.ts";
import { type AskJudge, type JudgeOutcome, noJudgeUsage } from "./vendor/outcome.ts";
import { type CombinedVerdict, combineViews, type ViewVerdict } from "./view/combine-views.ts";

interface JudgeContext {
  home: string;
  secrets: Readonly<Record<string, string>>;
  systemText: string;
  /** Writes a sentence to the plane's own log, e.g. why a key could not be read; never a secret. */
  complain: (sentence: string) => void;
}
type Judged = Pick<Verdict, "verdict" | "detail" | "views" | "usage"> & { answer: string | null };

/** Clients are loaded on first use, which saves an idle plane much memory. */
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
  // Both at once, because the judgement has one time limit.
  const answers = await Promise.all(
    prompts.map(async ({ view, prompt }) => {
      const outcome = await ask(prompt, work, key);
      return { view, outcome, ...decideVerdict(outcome, expectedOf(work, bundle, evidence)) };
    }),
  );
  return judgedOf(answers, key);
}

function ask(prompt: Prompt, work: JudgeEvidence, key: string): Promise<JudgeOutcome> {
  const { model, base_url: baseUrl, timeout_ms: timeoutMs, answer_tokens: answerTokens } = work;
  return askers[work.family]({ ...prompt, model, baseUrl, key, timeoutMs, answerTokens });
}

function expectedOf(work: JudgeEvidence, bundle: Bundle, { specification, patch }: Evidence) {
  const { verdict_nonce: nonce, min_confidence_permille: minConfidencePermille } = work;
  const criterionIds = specification.criteria.map(({ id }) => id);
  return { nonce, bundleDigest: bundle.digest, criterionIds, manifest: bundle.manifest, patch, minConfidencePermille };
}

function judgedOf(answers: readonly (ViewVerdict & { outcome: JudgeOutcome })[], key: string): Judged {
  const said: Record<ViewName, string | null> = { plain: null, blanked: null };
  const usage = { ...noJudgeUsage };
  for (const { view, outcome } of answers) {
    // An endpoint may echo the key.
    said[view] = outcome.text === null ? null : withoutKey(outcome.text, key);
    usage.input_tokens += outcome.usage.input_tokens;
    usage.output_tokens += outcome.usage.output_tokens;
  }
  const views = answers.map(({ view, verdict, detail }) => ({ view, verdict, detail }));
  return { ...combineViews(views), views, usage, answer: keepAnswers(said, keptAnswerCharactersMax) };
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
