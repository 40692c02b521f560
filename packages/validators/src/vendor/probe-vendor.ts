/** Finds out whether a judge's vendor answers: one request for its list of models, with the key. It calls no model, so it costs no token and gives no verdict. */
import { type Family, isUnavailable } from "@aedev/contracts";
import { geminiOrigin, officialGeminiUrl } from "./gemini.ts";
import { officialOpenaiUrl } from "./openai.ts";
import { outboundFetch } from "./outbound.ts";
import { failed, type JudgeOutcome, withinDeadline, withPath } from "./outcome.ts";

/** The request for each family. `baseUrl` null: the vendor's own address. Null: there is no address to ask. */
const requests: Record<
  Family,
  (baseUrl: string | null, key: string) => { url: string; headers: Record<string, string> } | null
> = {
  openai: (baseUrl, key) => modelsOf(baseUrl ?? officialOpenaiUrl, key),
  compatible: (baseUrl, key) => (baseUrl === null ? null : modelsOf(baseUrl, key)),
  gemini: (baseUrl, key) => ({
    url: `${geminiOrigin(baseUrl ?? officialGeminiUrl)}/v1beta/models?pageSize=1`,
    headers: { "x-goog-api-key": key },
  }),
};

function modelsOf(baseUrl: string, key: string) {
  return { url: `${withPath(baseUrl, "/v1")}/models`, headers: { authorization: `Bearer ${key}` } };
}

/** Why the vendor is not available, as the detail of a verdict; null: it is available. A refusal counts as an answer: the judge itself then reports what is wrong. */
export async function vendorProblem(
  family: Family,
  { baseUrl, key, timeoutMs }: { baseUrl: string | null; key: string; timeoutMs: number },
): Promise<string | null> {
  const request = requests[family](baseUrl, key);
  if (request === null) return "unreachable";
  const outcome = await withinDeadline(timeoutMs, async (signal): Promise<JudgeOutcome> => {
    const { status } = await outboundFetch(request.url, { headers: request.headers, signal });
    // 501: a compatible endpoint may have no such list.
    return status === 501 || !isUnavailable(`http_${status}`)
      ? { kind: "answered", text: "", usage: { input_tokens: 0, output_tokens: 0 } }
      : failed(`http_${status}`);
  });
  return outcome.kind === "answered" ? null : outcome.detail;
}
