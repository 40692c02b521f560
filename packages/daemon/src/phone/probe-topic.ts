/** Checks whether a stranger can read a topic (SECURITY T14), by asking for its messages without a credential. Only a clear refusal proves it closed. */
import { isRecord } from "@aedev/core";
import { parseJson } from "@aedev/host/parse-json";
import { boundedText, refusedStatus, refuseTooMany, unreachableServer } from "./ntfy/guarded-fetch.ts";

/** `refused`: 401, ntfy's own 403, or any 403 that our credential ends. `readable`: anybody can read it. `unproven`: neither, treated as readable. */
export type TopicReading = "refused" | "readable" | "unproven";

/** Throws a retryable Fault if the server is down, busy or failing: that tells nothing about the topic, and no message would be delivered either. */
export async function probeTopic(options: ProbedTopic): Promise<TopicReading> {
  const response = await askForMessages(options, {});
  const { status } = response;
  if (status === 403) return (await isOfNtfy(response)) || (await opensByCredential(options)) ? "refused" : "unproven";
  await refuseTooMany(options.url, response);
  await response.body?.cancel();
  if (status === 401) return "refused";
  if (status >= 500) throw refusedStatus(status);
  return status >= 200 && status < 300 ? "readable" : "unproven";
}

interface ProbedTopic {
  readonly url: string;
  readonly topic: string;
  readonly timeoutMs: number;
  readonly credential?: string | null;
}

async function askForMessages(
  { url, topic, timeoutMs }: ProbedTopic,
  headers: Record<string, string>,
): Promise<Response> {
  try {
    return await fetch(`${url}/${topic}/json?poll=1`, {
      headers,
      redirect: "manual",
      credentials: "omit",
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (cause) {
    throw unreachableServer(cause);
  }
}

/** A firewall's 403 may block this program but not a browser. Only ntfy's own 403 is about the topic. */
async function isOfNtfy(response: Response): Promise<boolean> {
  const text = await boundedText(response).catch(() => "");
  const body = parseJson(text);
  return isRecord(body) && body["http"] === 403 && typeof body["code"] === "number";
}

/** Repeats the request with the credential: if that succeeds, the refusal was about the missing credential. */
async function opensByCredential(options: ProbedTopic): Promise<boolean> {
  const { credential } = options;
  if (credential === undefined || credential === null) return false;
  const response = await askForMessages(options, { authorization: `Bearer ${credential}` });
  await response.body?.cancel();
  return response.status >= 200 && response.status < 300;
}
