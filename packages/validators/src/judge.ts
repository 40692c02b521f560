/**
 * One judgement from work to report: key, bundle, prompt, question, decision. Contract: never throws for what the world does; a missing
 * key is `not_configured` without a call, every other failure is inconclusive with its detail.
 */
import { type Family, Fault, type JudgeEvidence, type JudgeEvidenceReport } from "@aedev/core/wire";
import { type Decision, decideVerdict, inconclusive } from "./answer.ts";
import { answerCharactersMax } from "./bounds.ts";
import { type Bundle, readBundle } from "./bundle.ts";
import { type AskJudge, type JudgeOutcome, type JudgeUsage, noJudgeUsage } from "./family/outcome.ts";
import { keyOf, withoutKey } from "./keys.ts";
import { type Evidence, readEvidence } from "./prompt/evidence-text.ts";
import { buildPrompt } from "./prompt/prompt.ts";

interface JudgeContext {
  home: string;
  secrets: Readonly<Record<string, string>>;
  systemText: string;
  /** Takes a sentence for the plane's own log, e.g. why a key could not be read; never a value. */
  complain: (sentence: string) => void;
}
interface Judged extends Decision {
  answer: string | null;
  usage: JudgeUsage;
}

/** The clients are loaded when first asked: an idle plane then needs far less memory. */
export const askers: Record<Family, AskJudge> = {
  openai: async (question) => (await import("./family/openai.ts")).askOpenai(question),
  compatible: async (question) => (await import("./family/openai.ts")).askOpenai(question),
  gemini: async (question) => (await import("./family/gemini.ts")).askGemini(question),
};

export async function judgeEvidence(work: JudgeEvidence, context: JudgeContext): Promise<JudgeEvidenceReport> {
  const { verdict, detail, answer, usage } = await judge(work, context);
  const { work_id, nonce, generation, family, model, bundle } = work;
  return {
    kind: "JudgeEvidence",
    work_id,
    nonce,
    generation,
    verdict: {
      family,
      model,
      verdict,
      detail,
      bundle_digest: bundle.digest,
      usage,
      prompt_digest: work.prompt_digest,
      views: [],
    },
    answer,
  };
}

const unasked = (decision: Decision): Judged => ({ ...decision, answer: null, usage: noJudgeUsage });

async function judge(work: JudgeEvidence, context: JudgeContext): Promise<Judged> {
  const key = orComplain(() => keyOf(work.family, { home: context.home, given: context.secrets }), context);
  if (key === null) return unasked({ verdict: "not_configured", detail: null });
  const read = orComplain(() => readForJudging(work, context), context);
  if (read === null) return unasked(inconclusive("digest"));
  const { bundle, evidence } = read;
  const options = { system: context.systemText, nonce: work.verdict_nonce, bundleDigest: bundle.digest };
  const prompt = buildPrompt(evidence, { ...options, promptBytes: work.prompt_bytes });
  if ("refused" in prompt) return unasked(inconclusive(prompt.refused));
  const outcome = await askers[work.family]({
    ...prompt,
    model: work.model,
    baseUrl: work.base_url,
    key,
    timeoutMs: work.timeout_ms,
    answerTokens: work.answer_tokens,
  });
  const decision = decideVerdict(outcome, {
    nonce: work.verdict_nonce,
    bundleDigest: bundle.digest,
    criterionIds: evidence.specification.criteria.map(({ id }) => id),
    manifest: bundle.manifest,
    patch: evidence.patch,
  });
  return { ...decision, answer: keptAnswer(outcome, key), usage: outcome.usage };
}

function readForJudging(work: JudgeEvidence, { home }: JudgeContext): { bundle: Bundle; evidence: Evidence } {
  const bundle = readBundle(`${home}/bundles`, work.bundle);
  return { bundle, evidence: readEvidence(bundle) };
}

/** A Fault becomes null and a sentence in the log: the verdict that follows from it is the record. Anything else is a bug and goes on. */
function orComplain<Value>(read: () => Value, { complain }: JudgeContext): Value | null {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    complain(thrown.hint === undefined ? thrown.message : `${thrown.message}; ${thrown.hint}`);
    return null;
  }
}

/** The raw text for the person, capped, and without the key should the endpoint have echoed it. */
function keptAnswer({ text }: JudgeOutcome, key: string): string | null {
  return text === null ? null : withoutKey(text, key).toWellFormed().slice(0, answerCharactersMax).toWellFormed();
}
