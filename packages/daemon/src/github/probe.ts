/** Checks what the credential may do on one repository, and names what is missing and what is too much (SECURITY T11). It never throws for GitHub's answer. */
import { Fault } from "@aedev/contracts";
import type { GitHubAccessDocument } from "@aedev/contracts/api";
import { z } from "zod";
import type { Configuration } from "../configuration/configuration-schema.ts";
import { isSourceOn } from "../configuration/proposal-sources.ts";
import type { GitHubRepository } from "./address.ts";
import { type GitHubAnswer, type GitHubClient, openGitHub, refusalText } from "./client.ts";
import type { GitHubAccess } from "./credential.ts";

type Permission = GitHubAccessDocument["missing"][number];
type Finding = Pick<GitHubAccessDocument, "problem" | "missing" | "excessive" | "note">;

/** What else of GitHub the configuration reads. */
interface Wanted {
  readonly issues: boolean;
  readonly alerts: boolean;
}

const contents: Permission = { permission: "contents: write", why: "aedev pushes the change" };
const pullRequests: Permission = { permission: "pull requests: write", why: "a pull request is opened and merged" };
const reports: Permission = {
  permission: "checks: write, or commit statuses: write",
  why: "the result of the checks is reported beside the change",
};
const alerts: Permission = {
  permission: "vulnerability_alerts: read",
  why: "missions are proposed from Dependabot alerts (proposals.sources)",
};
const issues: Permission = { permission: "issues: write", why: "missions come from issues (intake.github)" };
const workflows: Permission = {
  permission: "workflows",
  why: "a pushed change could alter what runs with the repository's secrets",
};
const administration: Permission = {
  permission: "administration",
  why: "whoever has it can switch off the protection of branches",
};
/** Scopes of classic tokens that aedev never needs. */
const needlessScopes: ReadonlyMap<string, Permission> = new Map(
  [
    { ...workflows, permission: "scope workflow" },
    { permission: "scope delete_repo", why: "aedev deletes no repository" },
    { permission: "scope admin:org", why: "aedev changes no organization" },
    { permission: "scope admin:repo_hook", why: "aedev changes no webhooks" },
  ].map((permission) => [permission.permission.replace("scope ", ""), permission]),
);
const unsaidByGitHub =
  "GitHub does not say what else a fine-grained token may do: whether it may write pull requests and commit statuses shows when it does, and it should not have workflows";

const repositorySchema = z.object({
  private: z.boolean(),
  default_branch: z.string().min(1).max(300),
  permissions: z.object({ admin: z.boolean().optional(), push: z.boolean().optional() }).optional(),
});

export async function probeRepository(
  repository: GitHubRepository,
  {
    access,
    github,
    intake,
    proposals,
  }: { access: GitHubAccess } & Pick<Configuration, "github" | "intake" | "proposals">,
): Promise<GitHubAccessDocument> {
  const wanted = { issues: intake.enabled, alerts: isSourceOn(proposals.sources, "dependabot") };
  const head = { repository: `${repository.owner}/${repository.name}`, credential: access.kind() };
  try {
    const finding =
      head.credential === "app"
        ? ofInstallation(await access.appPermissions(repository), wanted)
        : await ofToken(repository, { token: (await access.credential(repository))?.token ?? null, github, wanted });
    return { ...head, ...finding };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ...head, ...problem(error.message) };
  }
}

function ofInstallation(permissions: Readonly<Record<string, string>>, wanted: Wanted): Finding {
  const writes = (name: string) => permissions[name] === "write" || permissions[name] === "admin";
  return {
    ...problem(null),
    missing: [
      ...(writes("contents") ? [] : [contents]),
      ...(writes("pull_requests") ? [] : [pullRequests]),
      ...(writes("checks") || writes("statuses") ? [] : [reports]),
      ...(writes("issues") || !wanted.issues ? [] : [issues]),
      ...(permissions["vulnerability_alerts"] !== undefined || !wanted.alerts ? [] : [alerts]),
    ],
    excessive: [
      ...(permissions["workflows"] === undefined ? [] : [workflows]),
      ...(permissions["administration"] === undefined ? [] : [administration]),
    ],
  };
}

async function ofToken(
  { owner, name }: GitHubRepository,
  { token, github, wanted }: { token: string | null; wanted: Wanted } & Pick<Configuration, "github">,
): Promise<Finding> {
  if (token === null) return problem(null);
  const client = await openGitHub({ ...github, credential: { token } });
  const place = { owner, repo: name };
  const answer = await client.request("GET /repos/{owner}/{repo}", place);
  const parsed = answer.status === 200 ? repositorySchema.safeParse(answer.data) : null;
  if (answer.status === null || parsed?.success !== true) return problem(whyNot(answer, `${owner}/${name}`));
  const { data } = parsed;
  const scopes = answer.headers["x-oauth-scopes"];
  const pushes = data.permissions?.push === true ? [] : [contents];
  if (scopes === undefined)
    return ofFineGrained({ client, place, branch: data.default_branch, missing: pushes, wanted });
  return ofClassic(String(scopes), {
    isPrivate: data.private,
    isAdmin: data.permissions?.admin === true,
    missing: pushes,
  });
}

/** GitHub lists the scopes of a classic token. `repo` has all that aedev needs, and more. */
function ofClassic(
  text: string,
  { isPrivate, isAdmin, missing }: { isPrivate: boolean; isAdmin: boolean; missing: Permission[] },
): Finding {
  const scopes = text.split(",").map((scope) => scope.trim());
  const isEnough = scopes.includes("repo") || (!isPrivate && scopes.includes("public_repo"));
  const scope = isPrivate ? "scope repo" : "scope public_repo";
  const all = { permission: scope, why: "aedev pushes the change, opens pull requests and reports results" };
  const needless = scopes.flatMap((one) => needlessScopes.get(one) ?? []);
  return {
    ...problem(null),
    missing: isEnough ? missing : [all],
    excessive: [...needless, ...(isEnough && isAdmin ? [administration] : [])],
  };
}

/** A missing permission shows when a request that reads with it fails. */
async function ofFineGrained({
  client,
  place,
  branch,
  missing,
  wanted,
}: {
  client: GitHubClient;
  place: { owner: string; repo: string };
  branch: string;
  missing: Permission[];
  wanted: Wanted;
}): Promise<Finding> {
  const [pulls, statuses, settings, listed, raised] = await Promise.all([
    client.request("GET /repos/{owner}/{repo}/pulls", { ...place, per_page: 1 }),
    client.request("GET /repos/{owner}/{repo}/commits/{ref}/status", { ...place, ref: branch }),
    client.request("GET /repos/{owner}/{repo}/actions/permissions", place),
    wanted.issues ? client.request("GET /repos/{owner}/{repo}/issues", { ...place, per_page: 1 }) : null,
    wanted.alerts ? client.request("GET /repos/{owner}/{repo}/dependabot/alerts", { ...place, per_page: 1 }) : null,
  ]);
  return {
    problem: null,
    missing: [
      ...missing,
      ...(isDenied(pulls) ? [pullRequests] : []),
      ...(isDenied(statuses) ? [reports] : []),
      ...(listed !== null && isDenied(listed) ? [issues] : []),
      ...(raised !== null && isDenied(raised) ? [alerts] : []),
    ],
    excessive: settings.status === 200 ? [administration] : [],
    note: unsaidByGitHub,
  };
}

function isDenied({ status }: GitHubAnswer): boolean {
  return status === 403 || status === 404;
}

function whyNot(answer: GitHubAnswer, repository: string): string {
  if (answer.status === 401)
    return `GitHub refuses the token: it is wrong, expired or revoked (${refusalText(answer)})`;
  if (answer.status === 404) return `the token can't see ${repository}, or there is no such repository`;
  if (answer.status === 301) return `${repository} has another name now: register its new address`;
  if (answer.status === 200) return "the answer is not what GitHub documents: check github.api_url";
  return `GitHub could not be asked: ${refusalText(answer)}`;
}

function problem(text: string | null): Finding {
  return { problem: text, missing: [], excessive: [], note: null };
}
