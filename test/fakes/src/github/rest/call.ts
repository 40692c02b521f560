/**
 * The input and output of a route of the fake GitHub, and how routes are declared and found.
 *
 * Folder: what each REST request goes through: credentials, access, pages, rate limit.
 */
import type { GitHubSite } from "../documents/site.ts";
import type { Actor } from "../state/issues.ts";
import type { AppRecord, RepositoryRecord, Role, TokenRecord } from "../state/records.ts";
import type { World } from "../state/world.ts";
import type { RequestLimits } from "./rate-limit.ts";

export type RestMethod = "DELETE" | "GET" | "PATCH" | "POST" | "PUT";
export type Caller =
  | { readonly kind: "anonymous" }
  | { readonly kind: "token"; readonly token: TokenRecord }
  /** A token signed by the app itself. */
  | { readonly kind: "app"; readonly app: AppRecord };

export interface RestCall {
  readonly world: World;
  readonly limits: RequestLimits;
  readonly site: GitHubSite;
  readonly caller: Caller;
  /** Path with query, relative to the API's root. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined if the request has no body. */
  readonly body: unknown;
}
export interface RepositoryCall extends RestCall {
  readonly repository: RepositoryRecord;
  readonly role: Role | undefined;
}
export interface RestAnswer {
  readonly status?: number;
  /** Undefined for an answer without a body. */
  readonly document?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** False: this request changed nothing, although its route can. */
  readonly mutates?: false;
}

/** What a repository's route requires: a permission of a fine-grained or installation token, and a role of the account. */
export interface RouteAccess {
  readonly permission:
    | "administration"
    | "checks"
    | "contents"
    | "issues"
    | "metadata"
    | "pull_requests"
    | "statuses"
    | "vulnerability_alerts";
  /** An alternative permission, because issues' routes also serve pull requests. */
  readonly or?: "pull_requests";
  readonly level: "read" | "write";
  /** Default: the role of the same level. */
  readonly role?: Role;
}
interface RouteBase {
  readonly method: RestMethod;
  readonly matches: RegExp;
  /** True if a success changes the fake's state; by default for every method except GET. */
  readonly mutates: boolean;
}
export interface PlainRoute extends RouteBase {
  readonly kind: "plain";
  readonly handle: (call: RestCall) => Promise<RestAnswer>;
}
export interface RepositoryRoute extends RouteBase {
  readonly kind: "repository";
  readonly access: RouteAccess;
  readonly handle: (call: RepositoryCall) => Promise<RestAnswer>;
}
export type RestRoute = PlainRoute | RepositoryRoute;

/** `pattern`: `:name` is one segment, `:name+` one or more. */
export function plainRoute(
  method: RestMethod,
  pattern: string,
  handle: PlainRoute["handle"],
  mutates = method !== "GET",
): PlainRoute {
  return { kind: "plain", method, matches: compilePattern(pattern), mutates, handle };
}

/** `pattern`: below `/repos/{owner}/{repo}`. */
export function repositoryRoute(
  method: RestMethod,
  pattern: string,
  access: RouteAccess,
  handle: RepositoryRoute["handle"],
): RepositoryRoute {
  const matches = compilePattern(`/repos/:owner/:repo${pattern}`);
  return { kind: "repository", method, matches, mutates: method !== "GET", access, handle };
}

function compilePattern(pattern: string): RegExp {
  const source = pattern.replace(/:(\w+)(\+?)/g, (_whole, name: string, many: string) =>
    many === "" ? `(?<${name}>[^/]+)` : `(?<${name}>.+)`,
  );
  return new RegExp(`^${source}$`);
}

/** The first matching route with its decoded parameters; undefined if there is none. */
export function findRoute(
  routes: readonly RestRoute[],
  method: string,
  pathname: string,
): { route: RestRoute; params: Record<string, string> } | undefined {
  for (const route of routes) {
    const groups = route.method === method ? route.matches.exec(pathname)?.groups : undefined;
    if (groups === undefined && !(route.method === method && route.matches.test(pathname))) continue;
    return {
      route,
      params: Object.fromEntries(Object.entries(groups ?? {}).map(([name, text]) => [name, decoded(text)])),
    };
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** The acting account. Throws if there is none, because routes that change something refuse anonymous callers first. */
export function actorOf({ caller }: RestCall): Actor {
  if (caller.kind !== "token") throw new Error("a change without an account");
  return { account: caller.token.actor, app: caller.token.app };
}
