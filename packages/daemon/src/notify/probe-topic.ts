/** Whether a stranger can read a topic (THREATS T14): asks for its messages without any credential. Only a plain refusal is proof; whatever else comes back is none. */
import { isRecord } from "@aedev/core";
import { boundedText, jsonOf, refused, unreachable } from "./guarded-fetch.ts";

/** `refused`: 401, or ntfy's own 403. `readable`: anybody can. `unproven`: neither, so that it counts as readable. */
export type TopicReading = "refused" | "readable" | "unproven";

const serverBusy = 429;

/** Throws a Fault worth another try where the server is down, busy or failing: that says nothing about the topic, and nothing would be delivered either. */
export async function probeTopic(options: { url: string; topic: string; timeoutMs: number }): Promise<TopicReading> {
  const { url, topic, timeoutMs } = options;
  let response: Response;
  try {
    response = await fetch(`${url}/${topic}/json?poll=1`, {
      redirect: "manual",
      credentials: "omit",
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status !== 403) await response.body?.cancel();
  } catch (cause) {
    throw unreachable(cause);
  }
  const { status } = response;
  if (status === 401) return "refused";
  if (status === 403) return (await isOfNtfy(response)) ? "refused" : "unproven";
  if (status >= 500 || status === serverBusy) throw refused(status);
  return status >= 200 && status < 300 ? "readable" : "unproven";
}

/** A firewall's 403 keeps this program out and lets a browser in: only the server's own word is about the topic. */
async function isOfNtfy(response: Response): Promise<boolean> {
  const text = await boundedText(response).catch(() => "");
  const body = jsonOf(text);
  return isRecord(body) && body["http"] === 403 && typeof body["code"] === "number";
}
