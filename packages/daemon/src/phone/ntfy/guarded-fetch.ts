/** Sends requests to the push server with limits on time and size, without redirects, and with faults that contain neither address nor token. */

import { Fault } from "@aedev/contracts";
import { parseJson } from "@aedev/host/parse-json";
import { noteTooMany, pausedFault, tooMany } from "./push-pause.ts";

const answerBytesMax = 64 * 1024;

/** A fetch with a time limit and without redirects, which throws our faults unless the answer is a success. */
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
      throw unreachableServer(cause);
    }
    if (response.status === tooMany) throw tooManyFault(addressOf(input), response, text);
    if (!response.ok) throw refusedStatus(response.status);
    if (parseJson(text) === undefined)
      throw new Fault("push-refused", "the server that answered is not an ntfy server", {
        hint: testHint,
        retry: true,
      });
    return new Response(text, { status: response.status });
  };
}

function addressOf(input: Parameters<typeof fetch>[0]): string {
  return input instanceof Request ? input.url : String(input);
}

/** Throws the Fault of a "too many" answer and starts the server's pause; does nothing for any other answer. */
export async function refuseTooMany(url: string, response: Response): Promise<void> {
  if (response.status !== tooMany) return;
  const text = await boundedText(response).catch(() => "");
  throw tooManyFault(url, response, text);
}

function tooManyFault(url: string, { headers }: Response, text: string): Fault {
  return pausedFault(noteTooMany(url, { retryAfter: headers.get("retry-after"), text }));
}

/** The command that explains a failed delivery, useless to somebody who has just run it. */
export const testHint = "aedev notify test";

/** The network's error text without an address, which may contain a secret. */
export function unreachableServer(cause: unknown): Fault {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = inner instanceof Error && "code" in inner ? String(inner.code) : "";
  const name = inner instanceof Error ? inner.name : "";
  const why = name === "TimeoutError" ? "no answer in time" : code === "" ? "the connection failed" : code;
  return new Fault("push-unreachable", `the push server can't be reached: ${why}`, { hint: testHint, retry: true });
}

export function refusedStatus(status: number): Fault {
  const hint =
    status === 401 || status === 403
      ? `give the account of AEDEV_NTFY_TOKEN access to the topic, or set another token: aedev secrets set AEDEV_NTFY_TOKEN && ${testHint}`
      : testHint;
  return new Fault("push-refused", `the push server answered ${status}`, { hint, detail: String(status), retry: true });
}

/** The whole answer; rejects if it is too large. */
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
