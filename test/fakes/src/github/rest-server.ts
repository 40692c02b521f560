/** The REST API as one function of a request: credentials, rate limit, route, access, answer or refusal, ETag. It knows nothing about sockets. */
import { createHash } from "node:crypto";
import { parseJson } from "@aedev/host/parse-json";
import type { GitHubSite } from "./documents/site.ts";
import { authenticate } from "./rest/authenticate.ts";
import { authorize } from "./rest/authorize.ts";
import { type Caller, findRoute, type RestAnswer, type RestRoute } from "./rest/call.ts";
import { createRequestLimits, rateHeaders, remainingOf } from "./rest/rate-limit.ts";
import { accountRoutes } from "./routes/accounts.ts";
import { alertRoutes } from "./routes/alerts.ts";
import { commitRoutes } from "./routes/commits.ts";
import { graphqlRoutes } from "./routes/graphql.ts";
import { issueRoutes } from "./routes/issues.ts";
import { pullRoutes } from "./routes/pulls.ts";
import { repositoryRestRoutes } from "./routes/repositories.ts";
import { reviewRoutes } from "./routes/reviews.ts";
import { followBranches } from "./state/pulls.ts";
import { GitHubRefusal, notFoundRefusal } from "./state/refusal.ts";
import type { World } from "./state/world.ts";

export interface RestRequest {
  readonly method: string;
  /** Path below the API's root, with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}
export interface RestResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly account: string | null;
  readonly mutates: boolean;
}
export type RestServer = (request: RestRequest) => Promise<RestResponse>;

const documentationUrl = "https://docs.github.com/rest";
const uncounted = /^\/rate_limit\b/;

/** All routes, in the order in which they are tried. */
export const restRoutes: readonly RestRoute[] = [
  ...accountRoutes,
  ...repositoryRestRoutes,
  ...alertRoutes,
  ...commitRoutes,
  ...pullRoutes,
  ...reviewRoutes,
  ...graphqlRoutes,
  ...issueRoutes,
  ...graphqlRoutes,
];

export function createRestServer(world: World, options: { site: GitHubSite; rateLimit: number }): RestServer {
  const { site } = options;
  const limits = createRequestLimits(world, options.rateLimit);

  return async (request) => {
    let caller: Caller = { kind: "anonymous" };
    let found: ReturnType<typeof findRoute>;
    let mutates = request.method !== "GET" && request.method !== "HEAD";
    try {
      caller = authenticate(world, textOf(request.headers["authorization"]));
      const state = limits.state(caller);
      if (remainingOf(state) === 0 && !uncounted.test(request.path)) throw exhausted(caller);
      const pathname = request.path.replace(/\?.*$/s, "");
      found = findRoute(restRoutes, request.method, pathname);
      if (found !== undefined) mutates = found.route.mutates;
      const answer = await answerOf(request, caller, found);
      mutates &&= answer.mutates !== false;
      const { status, headers, body } = finished(request, answer);
      const accepted = acceptedPermissions(found?.route);
      if (status !== 304 && !uncounted.test(request.path)) state.used += 1;
      return {
        status,
        body,
        headers: { ...headers, ...accepted, ...rateHeaders(state) },
        account: loginOf(caller),
        mutates,
      };
    } catch (error) {
      if (!(error instanceof GitHubRefusal)) throw error;
      const state = limits.state(caller);
      state.used += 1;
      const { status, message, errors } = error;
      const document = {
        message,
        ...(errors === undefined ? {} : { errors }),
        documentation_url: documentationUrl,
        status: String(status),
      };
      const accepted = acceptedPermissions(found?.route);
      const headers = { "content-type": "application/json; charset=utf-8", ...accepted, ...rateHeaders(state) };
      return { status, headers, body: JSON.stringify(document), account: loginOf(caller), mutates };
    }
  };

  async function answerOf(
    request: RestRequest,
    caller: Caller,
    found: ReturnType<typeof findRoute>,
  ): Promise<RestAnswer> {
    if (found === undefined) throw notFoundRefusal();
    const { route, params } = found;
    const query = new URL(request.path, "http://localhost").searchParams;
    const body = request.body === "" ? undefined : parseJson(request.body);
    if (request.body !== "" && body === undefined) throw new GitHubRefusal(400, "Problems parsing JSON");
    const call = { world, limits, site, caller, path: request.path, params, query, body };
    if (route.kind === "plain") return route.handle(call);
    const fullName = `${params["owner"] ?? ""}/${params["repo"] ?? ""}`;
    const { repository, role } = authorize(world, caller, { fullName, access: route.access });
    return world.exclusively(repository.fullName, async () => {
      await followBranches(world, repository);
      return route.handle({ ...call, repository, role });
    });
  }
}

/** The answer as text, or 304 if the caller already has it. */
function finished(request: RestRequest, { status = 200, document, headers = {} }: RestAnswer) {
  const body = document === undefined ? "" : JSON.stringify(document);
  const type = body === "" ? {} : { "content-type": "application/json; charset=utf-8" };
  if (request.method !== "GET") return { status, body, headers: { ...type, ...headers } };
  const etag = `W/"${createHash("sha256").update(body).digest("hex")}"`;
  const cached = {
    ...headers,
    etag,
    "cache-control": "private, max-age=60, s-maxage=60",
    vary: "Accept, Authorization",
  };
  const known = (textOf(request.headers["if-none-match"]) ?? "")
    .split(",")
    .map((text) => text.trim().replace(/^W\//, ""));
  if (known.includes(etag.slice(2))) return { status: 304, body: "", headers: cached };
  return { status, body, headers: { ...type, ...cached } };
}

/** GitHub's header that names the permissions a fine-grained or installation token needs. */
function acceptedPermissions(route: RestRoute | undefined): Record<string, string> {
  if (route?.kind !== "repository") return {};
  const { permission, or, level } = route.access;
  const names = or === undefined ? [permission] : [permission, or];
  return { "x-accepted-github-permissions": names.map((name) => `${name}=${level}`).join("; ") };
}

function exhausted(caller: Caller): GitHubRefusal {
  const who = caller.kind === "token" ? `user ID ${caller.token.actor.id}` : "127.0.0.1";
  return new GitHubRefusal(403, `API rate limit exceeded for ${who}.`);
}

function loginOf(caller: Caller): string | null {
  if (caller.kind === "anonymous") return null;
  return caller.kind === "app" ? `app/${caller.app.slug}` : caller.token.actor.login;
}

function textOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(", ") : value;
}
