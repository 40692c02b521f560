/**
 * A fake GitHub on loopback whose repositories are real git: smart HTTP at `/<owner>/<name>.git` and the REST API at `/api/v3`, behaving as GitHub's
 * documentation says. It can be made to fail, and tests act in it as other people. Issues and pull requests live in memory.
 *
 * Folder: a fake of GitHub whose repositories are real git.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { runGit } from "@aedev/host/git/run-git";
import { parseJson } from "@aedev/host/parse-json";
import { openAddress, type TlsIdentity } from "../loopback-address.ts";
import type { GitHubSite } from "./documents/site.ts";
import { createFaults, type Faults, type OrderedFault } from "./faults.ts";
import { createGitServer, type GitRequest, gitRequestOf } from "./git/git-server.ts";
import { createJournal, type RequestJournal } from "./journal.ts";
import { createRepositoryControl, type RepositoryControl } from "./repository-control.ts";
import { createRestServer } from "./rest-server.ts";
import { addAccount, createRepository, type FakeAccountOptions, type FakeRepositoryOptions } from "./set-up.ts";
import { createWorld, findRepository } from "./state/world.ts";

export interface FakeGitHubOptions {
  /** An empty folder for its repositories, to which only the fake writes. */
  readonly folder: string;
  readonly repositories?: readonly FakeRepositoryOptions[];
  readonly accounts?: readonly FakeAccountOptions[];
  /** 0, the default: any free port. */
  readonly port?: number;
  /** Serves https, which aedev's own git requires. */
  readonly tls?: TlsIdentity;
  readonly clock?: () => Date;
  /** Lifetime of an installation token in milliseconds; default one hour. */
  readonly installationTokenMs?: number;
  /** Number of reads of a pull request after a change that answer `mergeable: null`; default 0, on GitHub often 1. */
  readonly unknownMergeabilityReads?: number;
  /** Requests per hour and account; default 5,000. */
  readonly rateLimit?: number;
}
export interface FakeGitHub extends AsyncDisposable {
  /** Origin of pages and git, for example `http://127.0.0.1:40001`. */
  readonly origin: string;
  readonly apiUrl: string;
  readonly journal: RequestJournal;
  readonly faults: Faults;
  /** Throws if there is no repository of this name. */
  repository(fullName: string): RepositoryControl;
  addRepository(options: FakeRepositoryOptions): Promise<RepositoryControl>;
  addAccount(options: FakeAccountOptions): void;
  /** Refuses the token from now on. */
  revokeToken(token: string): void;
  /** An app's numbers, as on its settings page. */
  app(slug: string): { readonly appId: number; readonly installationId: number };
  /** Refuses connections until `start`. The state is kept. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

const apiRoot = "/api/v3";
const installationTokenMsDefault = 60 * 60_000;
const rateLimitDefault = 5_000;
const faultStatusDefault = 502;
const gitTimeoutMs = 120_000;
/** Maximum size of a REST request; a push has no such bound. */
const bodyBytesMax = 10 * 1024 * 1024;

export async function startFakeGitHub(options: FakeGitHubOptions): Promise<FakeGitHub> {
  const { folder } = options;
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  const world = createWorld({
    git: (args, call = {}) => runGit({ folder: home, timeoutMs: gitTimeoutMs, ...call, args, home }),
    clock: options.clock ?? (() => new Date()),
    installationTokenMs: options.installationTokenMs ?? installationTokenMsDefault,
    unknownMergeabilityReads: options.unknownMergeabilityReads ?? 0,
  });
  for (const repository of options.repositories ?? []) await createRepository(world, folder, repository);
  for (const account of options.accounts ?? []) addAccount(world, account);
  const journal = createJournal();
  const faults = createFaults();
  const git = createGitServer(world, folder);

  const listener = await openAddress({ port: options.port ?? 0, tls: options.tls }, (request, response) => {
    handle(request, response).catch((error: unknown) => answerBug(response, error));
  });
  const { origin } = listener;
  const site: GitHubSite = { origin, api: `${origin}${apiRoot}` };
  const rest = createRestServer(world, { site, rateLimit: options.rateLimit ?? rateLimitDefault });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "/";
    const url = new URL(path, origin);
    response.setHeader("x-github-request-id", randomBytes(10).toString("hex").toUpperCase());
    const asked = gitRequestOf(url);
    if (asked === undefined) return handleRest(request, response, path);
    const fault = faults.take({ method: request.method ?? "GET", path });
    return handleGit(request, response, { url, asked, fault });
  }

  async function handleGit(
    request: IncomingMessage,
    response: ServerResponse,
    { url, asked, fault }: { url: URL; asked: GitRequest; fault: OrderedFault | undefined },
  ): Promise<void> {
    const record = journal.begin();
    // Each request has its own connection: git's HTTP library silently repeats a request if a kept connection drops, which would hide an ordered fault.
    response.setHeader("connection", "close");
    const entry = { kind: "git", method: request.method ?? "GET", path: `${url.pathname}${url.search}` } as const;
    const isPush = asked.isPush && asked.service === "/git-receive-pack";
    if (fault?.when === "before") {
      const status = answerFault(response, fault);
      return record({ ...entry, account: null, status, mutates: isPush, acted: false });
    }
    const respond = fault === undefined;
    const { account, mutates } = await git.serve(request, response, { git: asked, url, respond });
    // A refusal has answered; a silently performed request has not.
    const acted = !response.headersSent || response.statusCode < 400;
    const status = respond || response.headersSent ? response.statusCode : answerFault(response, fault);
    record({ ...entry, account, status, mutates, acted });
  }

  async function handleRest(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const record = journal.begin();
    if (Number(request.headers["content-length"] ?? 0) > bodyBytesMax) return void response.writeHead(413).end();
    const body = await text(request);
    const method = request.method ?? "GET";
    const conditional = request.headers["if-none-match"] !== undefined;
    const fault = faults.take({ method, path, body });
    const entry = { kind: "rest", method, path, conditional, body: parseJson(body === "" ? undefined : body) } as const;
    if (fault?.when === "before") {
      const status = answerFault(response, fault);
      return record({ ...entry, account: null, status, mutates: method !== "GET", acted: false });
    }
    const inner = path.startsWith(`${apiRoot}/`)
      ? path.slice(apiRoot.length)
      : path === "/api/graphql"
        ? "/graphql"
        : "/-";
    const answer = await rest({ method, path: inner, headers: request.headers, body });
    const { account, mutates } = answer;
    const acted = answer.status < 400;
    if (fault !== undefined) {
      const status = answerFault(response, fault);
      return record({ ...entry, account, status, mutates, acted });
    }
    record({ ...entry, account, status: answer.status, mutates, acted });
    response.writeHead(answer.status, { ...answer.headers, "x-github-media-type": "github.v3; format=json" });
    response.end(answer.body);
  }

  function repository(fullName: string): RepositoryControl {
    const found = findRepository(world, fullName);
    if (found === undefined) throw new Error(`no repository ${fullName}`);
    return createRepositoryControl(world, found, site);
  }

  return {
    origin,
    apiUrl: site.api,
    journal,
    faults,
    repository,
    addRepository: async (added) => repository((await createRepository(world, folder, added)).fullName),
    addAccount: (account) => addAccount(world, account),
    revokeToken: (token) => void world.tokens.delete(token),
    app: (slug) => {
      const app = [...world.apps.values()].find((candidate) => candidate.slug === slug);
      if (app === undefined) throw new Error(`no app ${slug}`);
      return { appId: app.id, installationId: app.installationId };
    },
    stop: listener.stop,
    start: listener.start,
    close: listener.stop,
    [Symbol.asyncDispose]: listener.stop,
  };
}

/** The status that the client sees; null if the connection is dropped. */
function answerFault(response: ServerResponse, fault: OrderedFault): number | null {
  const { when, body, headers = {} } = fault;
  const status = fault.status ?? (when === "after" ? faultStatusDefault : null);
  if (when === "lost" || status === null) {
    response.socket?.destroy();
    return null;
  }
  const isText = typeof body === "string";
  const type = isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
  response.writeHead(status, { "content-type": type, ...headers });
  response.end(isText ? body : JSON.stringify(body ?? { message: "Server Error" }));
  return status;
}

/** Reports an unexpected error to the client as far as possible, for example if it left in the middle of a fetch. */
function answerBug(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const message = `the fake of GitHub failed: ${error instanceof Error ? error.message : String(error)}`;
  response.writeHead(500, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify({ message }));
}
