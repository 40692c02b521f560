/** Whether a stranger can read a topic (THREATS T14): asks for its messages without any credential. Only a plain refusal is proof; whatever else comes back is none. */
import { refused, unreachable } from "./guarded-fetch.ts";

/** `refused`: 401 or 403. `readable`: anybody can. `unproven`: neither, so that it counts as readable. */
export type TopicReading = "refused" | "readable" | "unproven";

const serverBusy = 429;

/** Throws a Fault worth another try where the server is down, busy or failing: that says nothing about the topic, and nothing would be delivered either. */
export async function probeTopic(options: { url: string; topic: string; timeoutMs: number }): Promise<TopicReading> {
  const { url, topic, timeoutMs } = options;
  let status: number;
  try {
    const response = await fetch(`${url}/${topic}/json?poll=1`, {
      redirect: "manual",
      credentials: "omit",
      signal: AbortSignal.timeout(timeoutMs),
    });
    status = response.status;
    await response.body?.cancel();
  } catch (cause) {
    throw unreachable(cause);
  }
  if (status === 401 || status === 403) return "refused";
  if (status >= 500 || status === serverBusy) throw refused(status);
  return status >= 200 && status < 300 ? "readable" : "unproven";
}
