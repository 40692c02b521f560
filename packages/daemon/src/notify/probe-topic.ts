/** Whether a stranger can read a topic (THREATS T14): asks for its messages without any credential. Only a plain refusal is proof; whatever else comes back is none. */
import { isRecord } from "@aedev/core";
import { boundedText, jsonOf, refused, unreachable } from "./guarded-fetch.ts";

/** `refused`: 401, ntfy's own 403, or any 403 that our credential turns into an answer. `readable`: anybody can. `unproven`: neither, so that it counts as readable. */
export type TopicReading = "refused" | "readable" | "unproven";

const serverBusy = 429;

/** Throws a Fault worth another try where the server is down, busy or failing: that says nothing about the topic, and nothing would be delivered either. */
export async function probeTopic(options: ProbedTopic): Promise<TopicReading> {
  const response = await askForMessages(options, {});
  const { status } = response;
  if (status === 403) return (await isOfNtfy(response)) || (await opensByCredential(options)) ? "refused" : "unproven";
  await response.body?.cancel();
  if (status === 401) return "refused";
  if (status >= 500 || status === serverBusy) throw refused(status);
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
    throw unreachable(cause);
  }
}

/** A firewall's 403 keeps this program out and lets a browser in: the server's own word is about the topic. */
async function isOfNtfy(response: Response): Promise<boolean> {
  const text = await boundedText(response).catch(() => "");
  const body = jsonOf(text);
  return isRecord(body) && body["http"] === 403 && typeof body["code"] === "number";
}

/** The same question with the credential: where that is answered, it was the lack of it that was refused. */
async function opensByCredential(options: ProbedTopic): Promise<boolean> {
  const { credential } = options;
  if (credential === undefined || credential === null) return false;
  const response = await askForMessages(options, { authorization: `Bearer ${credential}` });
  await response.body?.cancel();
  return response.status >= 200 && response.status < 300;
}
