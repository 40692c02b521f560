/**
 * One judgement from work to report: key, bundle, two prompts, two questions, one decision. Contract: never throws for what the world does; a
 * missing key is `not_configured` without a call, every other failure is inconclusive with its detail.
 */
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
} from "@aedev/core/wire";
import { decideVerdict, inconclusive } from "./answer.ts";
import { answerCharactersMax } from "./bounds.ts";
import { type Bundle, readBundle, sha256 } from "./bundle.ts";
import { type AskJudge, type JudgeOutcome, noJudgeUsage } from "./family/outcome.ts";
import { keyOf, withoutKey } from "./keys.ts";
import { combineLooks, type Decision, type Look } from "./look/combine-looks.ts";
import { type Evidence, readEvidence } from "./prompt/evidence-text.ts";
import { buildPrompt, type Prompt } from "./prompt/prompt.ts";

interface JudgeContext {
  home: string;
  secrets: Readonly<Record<string, string>>;
  systemText: string;
  /** Takes a sentence for the plane's own log, e.g. why a key could not be read; never a value. */
  complain: (sentence: string) => void;
}
type Judged = Pick<Verdict, "verdict" | "detail" | "views" | "usage"> & { answer: string | null };

/** The clients are loaded when first asked: an idle plane then needs far less memory. */
export const askers: Record<Family, AskJudge> = {
  openai: async (question) => (await import("./family/openai.ts")).askOpenai(question),
  compatible: async (question) => (await import("./family/openai.ts")).askCompatible(question),
  gemini: async (question) => (await import("./family/gemini.ts")).askGemini(question),
};

export async function judgeEvidence(work: JudgeEvidence, context: JudgeContext): Promise<JudgeEvidenceReport> {
  const { answer, ...judged } = await judge(work, context);
  const { work_id, nonce, generation, family, model, bundle, prompt_digest } = work;
  const verdict = { family, model, bundle_digest: bundle.digest, prompt_digest, ...judged };
  return { kind: "JudgeEvidence", work_id, nonce, generation, verdict, answer };
}

const unasked = (decision: Decision): Judged => ({ ...decision, views: [], usage: noJudgeUsage, answer: null });

async function judge(work: JudgeEvidence, context: JudgeContext): Promise<Judged> {
  if (judgePromptDigest(context.systemText, sha256) !== work.prompt_digest) {
    context.complain("the prompt is not the one that control measures judges under; restart the daemon");
    return unasked(inconclusive("digest"));
  }
  const key = orFault(() => keyOf(work.family, { home: context.home, given: context.secrets }), context);
  if (key === null || key instanceof Fault) return unasked({ verdict: "not_configured", detail: null });
  const read = orFault(() => readForJudging(work, context), context);
  if (read instanceof Fault) return unasked(inconclusive(read.code === "BUNDLE-TOO-LARGE" ? "too_large" : "digest"));
  const { bundle, evidence } = read;
  const options = { system: context.systemText, nonce: work.verdict_nonce, bundleDigest: bundle.digest };
  const prompts: { view: ViewName; prompt: Prompt }[] = [];
  for (const view of viewNames) {
    const prompt = buildPrompt(evidence, { ...options, view, promptBytes: work.prompt_bytes });
    if ("refused" in prompt) return unasked(inconclusive(prompt.refused));
    prompts.push({ view, prompt });
  }
  // At the same time, so that both are within the one time limit of the judgement.
  const looks = await Promise.all(
    prompts.map(async ({ view, prompt }) => {
      const outcome = await ask(prompt, work, key);
      return { view, outcome, ...decideVerdict(outcome, expectedOf(work, bundle, evidence)) };
    }),
  );
  return judgedOf(looks, key);
}

function ask(prompt: Prompt, work: JudgeEvidence, key: string): Promise<JudgeOutcome> {
  const { model, base_url: baseUrl, timeout_ms: timeoutMs, answer_tokens: answerTokens } = work;
  return askers[work.family]({ ...prompt, model, baseUrl, key, timeoutMs, answerTokens });
}

function expectedOf({ verdict_nonce: nonce }: JudgeEvidence, bundle: Bundle, { specification, patch }: Evidence) {
  const criterionIds = specification.criteria.map(({ id }) => id);
  return { nonce, bundleDigest: bundle.digest, criterionIds, manifest: bundle.manifest, patch };
}

function judgedOf(looks: readonly (Look & { outcome: JudgeOutcome })[], key: string): Judged {
  const said: Record<ViewName, string | null> = { plain: null, blanked: null };
  const usage = { ...noJudgeUsage };
  for (const { view, outcome } of looks) {
    // An endpoint may echo the key.
    said[view] = outcome.text === null ? null : withoutKey(outcome.text, key);
    usage.input_tokens += outcome.usage.input_tokens;
    usage.output_tokens += outcome.usage.output_tokens;
  }
  const views = looks.map(({ view, verdict, detail }) => ({ view, verdict, detail }));
  return { ...combineLooks(views), views, usage, answer: keepAnswers(said, answerCharactersMax) };
}

function readForJudging(work: JudgeEvidence, { home }: JudgeContext): { bundle: Bundle; evidence: Evidence } {
  const bundle = readBundle(`${home}/bundles`, work.bundle, { patchBytes: work.prompt_bytes });
  return { bundle, evidence: readEvidence(bundle) };
}

/** A Fault is given back and is a sentence in the log: the verdict that follows from it is the record. Anything else is a bug and goes on. */
function orFault<Value>(read: () => Value, { complain }: JudgeContext): Value | Fault {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    complain(thrown.hint === undefined ? thrown.message : `${thrown.message}; ${thrown.hint}`);
    return thrown;
  }
}
