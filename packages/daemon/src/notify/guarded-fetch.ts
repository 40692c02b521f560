/** Requests to the push server: bounded in time and size, never redirected, and every failure a fault that holds neither address nor token. */
import { Fault } from "@aedev/core/wire";

const answerBytesMax = 64 * 1024;

/** A fetch that ends in time, follows no redirect, and throws our faults for everything but success. */
export function guardedFetch(timeoutMs: number): typeof fetch {
  const own = globalThis.fetch;
  return async (input, init) => {
    const signal = AbortSignal.timeout(timeoutMs);
    let response: Response;
    let text: string;
    try {
      response = await own(input, { ...init, redirect: "manual", signal });
      text = await boundedText(response);
    } catch (cause) {
      throw unreachable(cause);
    }
    if (!response.ok) throw refused(response.status);
    if (jsonOf(text) === undefined)
      throw new Fault("PUSH-REFUSED", "what answered is not an ntfy server", { hint: testHint, retry: true });
    return new Response(text, { status: response.status });
  };
}

/** The command that says more of a failed delivery; it is of no use to the one who has just called it. */
export const testHint = "aedev notify test";

/** The network's own words without an address: what was asked for may carry more than a person should read. */
export function unreachable(cause: unknown): Fault {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = inner instanceof Error && "code" in inner ? String(inner.code) : "";
  const name = inner instanceof Error ? inner.name : "";
  const why = name === "TimeoutError" ? "no answer in time" : code === "" ? "the connection failed" : code;
  return new Fault("PUSH-UNREACHABLE", `the push server can't be reached: ${why}`, { hint: testHint, retry: true });
}

export function refused(status: number): Fault {
  const hint =
    status === 401 || status === 403
      ? `aedev secrets set AEDEV_NTFY_TOKEN, or give its account access to the topic; then ${testHint}`
      : testHint;
  return new Fault("PUSH-REFUSED", `the push server answered ${status}`, { hint, detail: String(status), retry: true });
}

/** The whole answer; rejects where it is too large. */
export async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > answerBytesMax) throw new Error("the answer is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Undefined where it is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
