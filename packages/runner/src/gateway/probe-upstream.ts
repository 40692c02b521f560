/** Asks the model's endpoint whether it answers at all, by its list of models: no model is asked and no credential is sent, so it costs nothing. Contract: never throws for an outside failure. */

/** Answers of an endpoint that is overloaded. 501 is that of one without such a list. */
const busyStatuses: readonly number[] = [408, 429];
const unknownRoute = 501;

/** Null if it answers, also with a refusal: without a credential that is the usual answer. Else why not: `api_<status>`, `timeout` or `unreachable`. */
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
