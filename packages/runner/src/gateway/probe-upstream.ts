/** Asks the model's endpoint for its list of models, without a credential, to see whether it answers; this costs nothing. Never throws. */

/** Answers of an overloaded endpoint. 501 is that of one without such a list. */
const busyStatuses: readonly number[] = [408, 429];
const unknownRoute = 501;

/** Null if the endpoint answers, also with a refusal, which is usual without a credential. Otherwise `api_<status>`, `timeout` or `unreachable`. */
export async function upstreamProblem(origin: string, timeoutMs: number): Promise<string | null> {
  const url = new URL(`${origin.replace(/\/$/, "")}/v1/models`);
  try {
    const { status, body } = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(timeoutMs) });
    await body?.cancel();
    const isDown = busyStatuses.includes(status) || (status >= 500 && status !== unknownRoute);
    return isDown ? `api_${status}` : null;
  } catch (error) {
    return error instanceof Error && error.name === "TimeoutError" ? "timeout" : "unreachable";
  }
}
