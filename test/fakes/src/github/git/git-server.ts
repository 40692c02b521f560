/**
 * Git over HTTP as GitHub serves it: who may fetch and push, in GitHub's words, with protected branches; http-backend.ts runs git itself.
 *
 * Folder: smart HTTP by git's `http-backend`, and the hook that refuses pushes to protected branches.
 */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createGunzip } from "node:zlib";
import { findToken, passwordOf } from "../rest/authenticate.ts";
import { hasPermission, maySee } from "../rest/authorize.ts";
import { followBranches } from "../state/pulls.ts";
import type { AccountRecord, RepositoryRecord } from "../state/records.ts";
import { findRepository, hasRole, instant, roleOf, type World } from "../state/world.ts";
import { runHttpBackend } from "./http-backend.ts";
import { pushRulesFor, pushRulesVariable } from "./push-rules.ts";
import { readReceiveStart } from "./receive-commands.ts";

const address = /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/info\/refs|\/git-upload-pack|\/git-receive-pack)$/;

export interface GitRequest {
  readonly fullName: string;
  readonly service: string;
  readonly isPush: boolean;
}
/** The git request of the path; undefined if it is none. */
export function gitRequestOf(url: URL): GitRequest | undefined {
  const [, owner, name, service] = address.exec(url.pathname) ?? [];
  if (owner === undefined || name === undefined || service === undefined) return undefined;
  const asked = service === "/info/refs" ? `/${url.searchParams.get("service") ?? ""}` : service;
  return { fullName: `${owner}/${name}`, service, isPush: asked === "/git-receive-pack" };
}

export interface GitHttpOutcome {
  /** The account's login, for the journal. */
  readonly account: string | null;
  /** True for a push with at least one command. */
  readonly mutates: boolean;
}
export interface GitServer {
  /** `respond` false: performs the request without answering. A refusal is always answered. */
  serve(
    request: IncomingMessage,
    response: ServerResponse,
    options: { git: GitRequest; url: URL; respond: boolean },
  ): Promise<GitHttpOutcome>;
}

/** `folder`: where the hook that refuses pushes is written. */
export function createGitServer(world: World, folder: string): GitServer {
  const hooks = writeHook(folder);

  async function serve(
    request: IncomingMessage,
    response: ServerResponse,
    { git, url, respond }: { git: GitRequest; url: URL; respond: boolean },
  ): Promise<GitHttpOutcome> {
    const judged = judge(world, git, request.headers.authorization);
    if ("status" in judged) {
      refuse(response, judged);
      return { account: judged.account?.login ?? null, mutates: false };
    }
    const { repository, account } = judged;
    const { isPush, service } = git;
    const isGzip = request.headers["content-encoding"] === "gzip";
    const plain: AsyncIterable<Buffer> = isGzip ? request.pipe(createGunzip()) : request;
    const isReceiving = isPush && service === "/git-receive-pack" && account !== undefined;
    const { commands, body } = isReceiving ? await readReceiveStart(plain) : { commands: [], body: plain };
    const rules = isReceiving ? pushRulesFor(repository, { commands, actor: account }) : {};
    if (isReceiving && commands.length > 0)
      await world.exclusively(repository.fullName, async () => {
        await followBranches(world, repository);
        Object.assign(repository, { lastPusher: account, pushedAt: instant(world) });
      });
    await runHttpBackend(
      {
        gitDir: repository.gitDir,
        service,
        query: url.search.slice(1),
        user: account?.login,
        body,
        isDecoded: isGzip,
        environment: { [pushRulesVariable]: JSON.stringify(rules) },
        configuration: [
          ["core.hooksPath", hooks],
          ["http.receivepack", "true"],
          ["receive.hideRefs", "refs/pull"],
          ["receive.autogc", "false"],
          ["uploadpack.allowReachableSHA1InWant", "true"],
          ["uploadpack.allowFilter", "true"],
          ["safe.directory", "*"],
          ...Object.keys(rules).map((ref) => ["receive.procReceiveRefs", ref] as const),
        ],
      },
      request,
      respond ? response : null,
    );
    if (commands.length > 0) await world.exclusively(repository.fullName, () => followBranches(world, repository));
    return { account: account?.login ?? null, mutates: commands.length > 0 };
  }
  return { serve };
}

function writeHook(folder: string): string {
  const hooks = join(folder, "hooks");
  const program = fileURLToPath(new URL("./proc-receive.ts", import.meta.url));
  const hook = join(hooks, "proc-receive");
  mkdirSync(hooks, { recursive: true });
  writeFileSync(hook, `#!/bin/sh\nexec '${process.execPath}' --no-warnings '${program}'\n`);
  chmodSync(hook, 0o755);
  return hooks;
}

interface Refused {
  readonly status: 401 | 403 | 404;
  readonly text: string;
  readonly account?: AccountRecord;
}

function judge(
  world: World,
  { fullName, isPush }: GitRequest,
  authorization: string | undefined,
): Refused | { repository: RepositoryRecord; account: AccountRecord | undefined } {
  const repository = findRepository(world, fullName);
  if (authorization === undefined) {
    if (isPush) return { status: 401, text: "No anonymous write access." };
    if (repository === undefined || repository.private) return { status: 401, text: "Repository not found." };
    return { repository, account: undefined };
  }
  const token = findToken(world, passwordOf(authorization) ?? "");
  if (token === undefined) {
    const text = "Invalid username or token. Password authentication is not supported for Git operations.";
    return { status: 401, text };
  }
  const account = token.actor;
  if (repository === undefined || !maySee(repository, token))
    return { status: 404, text: "Repository not found.", account };
  const access = { permission: "contents", level: isPush ? "write" : "read" } as const;
  if (!hasRole(roleOf(repository, account), access.level))
    return { status: 403, text: `Permission to ${repository.fullName}.git denied to ${account.login}.`, account };
  if (!hasPermission(repository, token, access))
    return {
      status: 403,
      text: isPush ? "Write access to repository not granted." : "RouteAccess to repository not granted.",
      account,
    };
  return { repository, account };
}

function refuse(response: ServerResponse, { status, text }: Refused): void {
  const challenge = status === 401 ? { "www-authenticate": 'Basic realm="GitHub"' } : {};
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", ...challenge }).end(`${text}\n`);
}
