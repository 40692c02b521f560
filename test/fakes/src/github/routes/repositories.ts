/** Routes of a repository itself: its document, branches with protection and rules, refs, and a collaborator's permission. */
import { refDocument } from "../documents/commits.ts";
import { branchProtection, branchRules, classicProtectionDocument } from "../documents/protection.ts";
import { fullRepositoryDocument } from "../documents/repository.ts";
import { permissionDocument } from "../documents/users.ts";
import { actorOf, type RepositoryCall, type RestAnswer, type RestRoute, repositoryRoute } from "../rest/call.ts";
import { pageOf } from "../rest/read-body.ts";
import { moveRef, readRefs } from "../state/git.ts";
import { mayBypass } from "../state/protection.ts";
import { followBranches } from "../state/pulls.ts";
import { GitHubRefusal, notFoundRefusal } from "../state/refusal.ts";
import { instant, roleOf } from "../state/world.ts";
import { describeCommit } from "./commits.ts";

const contents = { permission: "contents", level: "read" } as const;
const metadata = { permission: "metadata", level: "read" } as const;

export const repositoryRestRoutes: readonly RestRoute[] = [
  repositoryRoute("GET", "", metadata, async ({ site, repository, role }) => ({
    document: fullRepositoryDocument(site, repository, role),
  })),
  repositoryRoute(
    "GET",
    "/branches/:branch+/protection",
    { permission: "administration", level: "read", role: "admin" },
    readProtection,
  ),
  repositoryRoute("GET", "/branches/:branch+", contents, readBranch),
  repositoryRoute("GET", "/rules/branches/:branch+", metadata, async (call) => {
    const { repository, params } = call;
    const rules = branchRules(repository, repository.protections.get(params["branch"] ?? ""));
    const { items, headers } = pageOf(call, rules);
    return { document: items, headers };
  }),
  repositoryRoute("GET", "/git/ref/:ref+", contents, readRef),
  repositoryRoute("DELETE", "/git/refs/:ref+", { permission: "contents", level: "write" }, deleteRef),
  repositoryRoute("GET", "/collaborators/:login/permission", { ...metadata, role: "write" }, async (call) => {
    const account = call.world.accounts.get((call.params["login"] ?? "").toLowerCase());
    if (account === undefined) throw new GitHubRefusal(404, `${call.params["login"] ?? ""} is not a user`);
    return { document: permissionDocument(call.site, account, roleOf(call.repository, account)) };
  }),
];

async function branchTip({ world, repository, params }: RepositoryCall): Promise<{ branch: string; sha: string }> {
  const branch = params["branch"] ?? "";
  const sha = (await readRefs(world, repository, "refs/heads/")).get(`refs/heads/${branch}`);
  if (sha === undefined) throw new GitHubRefusal(404, "Branch not found");
  return { branch, sha };
}

async function readBranch(call: RepositoryCall): Promise<RestAnswer> {
  const { site, repository } = call;
  const { branch, sha } = await branchTip(call);
  return {
    document: {
      name: branch,
      commit: await describeCommit(call, sha),
      _links: {
        self: `${site.api}/repos/${repository.fullName}/branches/${branch}`,
        html: `${site.origin}/${repository.fullName}/tree/${branch}`,
      },
      ...branchProtection(site, repository, branch),
    },
  };
}

async function readProtection(call: RepositoryCall): Promise<RestAnswer> {
  const { branch } = await branchTip(call);
  const protection = call.repository.protections.get(branch);
  if (protection === undefined || protection.source === "ruleset") throw new GitHubRefusal(404, "Branch not protected");
  return { document: classicProtectionDocument(call.site, call.repository, { branch, protection }) };
}

async function readRef({ world, site, repository, params }: RepositoryCall): Promise<RestAnswer> {
  const ref = `refs/${params["ref"] ?? ""}`;
  const sha = (await readRefs(world, repository)).get(ref);
  if (sha === undefined) throw notFoundRefusal();
  const { text: type } = await world.git(["cat-file", "-t", sha], { gitDir: repository.gitDir });
  return { document: refDocument(site, repository, { ref, type, sha }) };
}

async function deleteRef(call: RepositoryCall): Promise<RestAnswer> {
  const { world, repository, params } = call;
  const ref = `refs/${params["ref"] ?? ""}`;
  const from = (await readRefs(world, repository)).get(ref);
  if (from === undefined || !/^refs\/(heads|tags)\//.test(ref))
    throw new GitHubRefusal(422, "Reference does not exist");
  const branch = ref.replace(/^refs\/heads\//, "");
  const protection = repository.protections.get(branch);
  const { account } = actorOf(call);
  const isKept = protection !== undefined && protection.allowDeletions !== true;
  if (isKept && !mayBypass(repository, protection, account)) throw new GitHubRefusal(422, "Cannot delete this branch");
  if (!(await moveRef(world, repository, ref, { from, to: null })))
    throw new GitHubRefusal(422, "Reference does not exist");
  Object.assign(repository, { lastPusher: account, pushedAt: instant(world) });
  await followBranches(world, repository);
  return { status: 204 };
}
