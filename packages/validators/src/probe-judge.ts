/** Checks a judge's key with one tiny question, or its vendor without a question. Contract: never throws for an outside failure; no answer contains the key. */
import { type Family, Fault, type ProbeJudge, type ProbeVendor } from "@aedev/contracts";
import { judgeKey, withoutKey } from "./keys.ts";
import { probeAnswerTokens } from "./prompt/bounds.ts";
import type { AskJudge } from "./vendor/outcome.ts";
import { vendorProblem } from "./vendor/probe-vendor.ts";

interface ProbeContext {
  home: string;
  secrets: Readonly<Record<string, string>>;
  askers: Readonly<Record<Family, AskJudge>>;
}

const system =
  "This is a test of the connection. There is no evidence and no criterion. Answer as briefly as the schema allows.";
const nonce = "0".repeat(32);
const user = `nonce: ${nonce}\nbundle_digest: ${"0".repeat(64)}\nThe verdict is inconclusive.`;

/** `detail`: the model that answered, or `not_configured`, `http_<status>`, `timeout`, `unreachable` as in a verdict. */
export async function probeJudge(work: ProbeJudge, { home, secrets, askers }: ProbeContext): Promise<Probed> {
  const key = keyOrReason(work.family, { home, secrets });
  if (typeof key !== "string") return key;
  const { model, base_url: baseUrl, timeout_ms: timeoutMs } = work;
  const question = { system, user, model, baseUrl, key, timeoutMs, answerTokens: probeAnswerTokens };
  const outcome = await askers[work.family](question);
  // The answer's text does not matter; counted tokens prove that the key works.
  if (outcome.kind === "answered" || outcome.usage.input_tokens > 0) return { ok: true, detail: `${model} answered` };
  return { ok: false, detail: withoutKey(outcome.detail, key).slice(0, 400) };
}

/** `detail`: `available`, or why it is not, as in a verdict. Nothing waits for a vendor whose key is missing: the judge reports the missing key. */
export async function probeVendorOf(
  { family, base_url: baseUrl, timeout_ms: timeoutMs }: ProbeVendor,
  context: Pick<ProbeContext, "home" | "secrets">,
): Promise<Probed> {
  const key = keyOrReason(family, context);
  if (typeof key !== "string") return { ...key, ok: true };
  const problem = await vendorProblem(family, { baseUrl, key, timeoutMs });
  return { ok: problem === null, detail: problem ?? "available" };
}

interface Probed {
  ok: boolean;
  detail: string;
}

function keyOrReason(family: Family, { home, secrets }: Pick<ProbeContext, "home" | "secrets">): string | Probed {
  try {
    return judgeKey(family, { home, given: secrets }) ?? { ok: false, detail: "not_configured" };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, detail: error.message.slice(0, 400) };
    throw error;
  }
}
