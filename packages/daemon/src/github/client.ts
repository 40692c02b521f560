/**
 * The only file that speaks to GitHub's API (through Octokit): one request with a time limit, no retries, no redirects. Callers parse the answers.
 * Folder: GitHub's API: credentials, requests, and what each answer means.
 */
import { escapeLine } from "@aedev/contracts";

/** Most bytes of one answer. */
const answerBytesMax = 16 * 1024 * 1024;
const causeLengthMax = 300;
/** The only route of the GraphQL API. */
export const graphqlRoute = "POST /graphql";

/** The server's answer, whatever its status. `status` null: no usable answer, with the reason. `data` is hostile until parsed. */
export type GitHubAnswer =
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string | number | undefined>>;
      readonly data: unknown;
    }
  | { readonly status: null; readonly cause: string };

export interface GitHubClient {
  /** `route` as GitHub documents it, such as `GET /repos/{owner}/{repo}`; further `parameters` become query or body. Never throws for a server's answer. */
  request(route: string, parameters?: Readonly<Record<string, unknown>>): Promise<GitHubAnswer>;
}

/** `apiUrl` has no trailing slash; `credential` null asks anonymously; `timeoutMs` limits one request including its answer. */
export async function openGitHub(options: {
  apiUrl: string;
  credential: { readonly token: string } | null;
  timeoutMs: number;
}): Promise<GitHubClient> {
  // Loaded on first use: most homes never ask GitHub.
  const { Octokit } = await import("@octokit/rest");
  const { token } = options.credential ?? {};
  // On GitHub Enterprise Server, GraphQL is at /api/graphql, beside REST at /api/v3.
  const graphqlBase = options.apiUrl.replace(/\/v3$/, "");
  const octokit = new Octokit({
    baseUrl: options.apiUrl,
    userAgent: "aedev",
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    ...(token === undefined ? {} : { auth: token }),
  });
  const safe = (text: string) => escapeLine(token === undefined ? text : text.replaceAll(token, "…"), causeLengthMax);
  return {
    async request(route, parameters = {}) {
      let failure: string | null = null;
      const boundedFetch: typeof fetch = async (input, init) => {
        try {
          const response = await fetch(input, { ...init, redirect: "manual" });
          return await boundedResponse(response);
        } catch (error) {
          failure = causeOf(error);
          throw error;
        }
      };
      try {
        const signal = AbortSignal.timeout(options.timeoutMs);
        const { status, headers, data } = await octokit.request(route, {
          ...parameters,
          ...(route === graphqlRoute ? { baseUrl: graphqlBase } : {}),
          request: { fetch: boundedFetch, signal },
        });
        return { status, headers, data };
      } catch (error) {
        if (failure !== null) return { status: null, cause: safe(failure) };
        const response = responseIn(error);
        if (response !== null) return response;
        return { status: null, cause: safe(causeOf(error)) };
      }
    },
  };
}

/** What a person reads about a refusal: GitHub's own message on one line, or only the status. */
export function refusalText(answer: GitHubAnswer): string {
  if (answer.status === null) return `no answer: ${answer.cause}`;
  const { data } = answer;
  const message = typeof data === "object" && data !== null && "message" in data ? String(data.message) : "";
  return message === "" ? `status ${answer.status}` : `status ${answer.status}: ${escapeLine(message, causeLengthMax)}`;
}

/** Octokit throws for every status from 400; the error has the answer. */
function responseIn(error: unknown): Exclude<GitHubAnswer, { status: null }> | null {
  if (!(error instanceof Error) || !("response" in error)) return null;
  const { response } = error;
  if (typeof response !== "object" || response === null || !("status" in response)) return null;
  const { status, headers, data } = { headers: {}, data: undefined, ...response };
  return typeof status === "number" ? { status, headers, data } : null;
}

/** The whole answer as bytes; rejects if it is too large. */
async function boundedResponse(response: Response): Promise<Response> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > answerBytesMax) throw new Error("the answer is too large");
    chunks.push(chunk);
  }
  const { status, headers } = response;
  // These statuses have no body, and the constructor refuses one.
  const isBare = [204, 205, 304].includes(status);
  const whole = new Response(isBare ? null : Buffer.concat(chunks), { status, headers });
  // Octokit reads the address of the response.
  Object.defineProperty(whole, "url", { value: response.url });
  return whole;
}

/** The cause of the network's error, without an address. */
function causeOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(inner instanceof Error)) return "the request failed";
  if (inner.name === "TimeoutError" || inner.name === "AbortError") return "no answer in time";
  return "code" in inner ? String(inner.code) : inner.message;
}
