/**
 * Routes about the caller: the user, the rate limit, and an app's requests with its own signed token.
 *
 * Folder: the REST routes, and as much of GraphQL as aedev uses.
 */
import { z } from "zod";
import { repositoryDocument } from "../documents/repository.ts";
import { appDocument, installationDocument, installationTokenDocument, privateUser } from "../documents/users.ts";
import { plainRoute, type RestAnswer, type RestCall, type RestRoute } from "../rest/call.ts";
import { rateDocument } from "../rest/rate-limit.ts";
import { numberParam, pageOf, parseBody } from "../rest/read-body.ts";
import type { AppRecord } from "../state/records.ts";
import { GitHubRefusal, notFoundRefusal } from "../state/refusal.ts";
import { ensureAccount, findRepository, grantInstallationToken } from "../state/world.ts";

export const accountRoutes: readonly RestRoute[] = [
  plainRoute("GET", "/user", readUser),
  plainRoute("GET", "/rate_limit", async ({ limits, caller }) => ({ document: rateDocument(limits.state(caller)) })),
  plainRoute("GET", "/app", async (call) => ({ document: appDocument(call.site, appOf(call)) })),
  plainRoute("GET", "/app/installations", async (call) => {
    const app = appOf(call);
    const { items, headers } = pageOf(call, [installationOf(call, app)]);
    return { document: items, headers };
  }),
  plainRoute("GET", "/repos/:owner/:repo/installation", async (call) => {
    const app = appOf(call);
    const name = `${call.params["owner"] ?? ""}/${call.params["repo"] ?? ""}`.toLowerCase();
    if (!app.repositories.some((covered) => covered.toLowerCase() === name)) throw notFoundRefusal();
    return { document: installationOf(call, app) };
  }),
  // A token changes nothing in a repository.
  plainRoute("POST", "/app/installations/:id/access_tokens", postAccessToken, false),
];

async function readUser({ world, site, caller }: RestCall): Promise<RestAnswer> {
  if (caller.kind !== "token") throw new GitHubRefusal(401, "Requires authentication");
  const { actor, app } = caller.token;
  if (app !== undefined) throw new GitHubRefusal(403, "Resource not accessible by integration");
  const owned = [...world.repositories.values()].filter(({ owner }) => owner.id === actor.id);
  const privateRepos = owned.filter((repository) => repository.private).length;
  return { document: privateUser(site, actor, { publicRepos: owned.length - privateRepos, privateRepos }) };
}

function appOf({ caller }: RestCall): AppRecord {
  if (caller.kind !== "app") throw new GitHubRefusal(401, "A JSON web token could not be decoded");
  return caller.app;
}

/** The app is installed on the account that owns its first repository. */
function installationOf({ world, site }: RestCall, app: AppRecord) {
  const [owner = app.owner.login] = (app.repositories[0] ?? "").split("/").filter((part) => part !== "");
  return installationDocument(site, app, ensureAccount(world, owner));
}

const tokenSchema = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.int()).optional(),
  permissions: z.record(z.string(), z.enum(["read", "write"])).optional(),
});

async function postAccessToken(call: RestCall): Promise<RestAnswer> {
  const app = appOf(call);
  if (numberParam(call, "id") !== app.installationId) throw notFoundRefusal();
  const { repositories: names, permissions } = parseBody(call, tokenSchema);
  const isGranted = ([name, level]: [string, string]) => {
    const granted = name === "metadata" ? "read" : app.permissions[name];
    return granted === "write" || granted === level;
  };
  if (permissions !== undefined && !Object.entries(permissions).every(isGranted))
    throw new GitHubRefusal(422, "The permissions requested are not granted to this installation.");
  const repositories = names?.map((name) => app.repositories.find((covered) => covered.split("/")[1] === name));
  if (repositories?.includes(undefined))
    throw new GitHubRefusal(
      422,
      "There is at least one repository that does not exist or is not accessible to the parent installation.",
    );
  const covered = repositories?.filter((name) => name !== undefined);
  const token = grantInstallationToken(call.world, app, {
    ...(permissions === undefined ? {} : { permissions }),
    ...(covered === undefined ? {} : { repositories: covered }),
  });
  const documents = covered?.flatMap((name) => {
    const repository = findRepository(call.world, name);
    return repository === undefined ? [] : [repositoryDocument(call.site, repository, undefined)];
  });
  return {
    status: 201,
    document: { ...installationTokenDocument(token), ...(documents === undefined ? {} : { repositories: documents }) },
  };
}
