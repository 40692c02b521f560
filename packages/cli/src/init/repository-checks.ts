/** The checks of `aedev doctor` for each registered repository, through the running daemon: its branches and, with `--probe`, what the credential may do at GitHub. */

import { branchPrefixOf, shellWord } from "@aedev/contracts";
import type { GitHubAccessDocument } from "@aedev/contracts/api";
import type { Check } from "@aedev/daemon";
import { call, findDaemon } from "../daemon-client/daemon-link.ts";
import { gitHubNotes } from "../render/github-notes.ts";
import { withProgress } from "../terminal/progress.ts";
import type { Session } from "../terminal/session.ts";

const permissionsHelp = "docs/GITHUB.md has the permissions; another token: aedev secrets set AEDEV_GITHUB_TOKEN";

/** A row for each repository where aedev can't create its branches. Empty without a daemon, which has the credentials. A remote that does not answer gets no row. */
export async function branchChecks(session: Session): Promise<Check[]> {
  if ((await findDaemon(session)) === undefined) return [];
  const listed = await call(session, "listRepositories", {});
  if (listed.kind === "refused") return [];
  const checks: Check[] = [];
  for (const repository of listed.document.repositories) {
    const { name, url } = repository;
    const answer = await withProgress(session, `looking at ${name}`, () =>
      call(session, "detectRepository", { body: { path_or_url: url, name, without_access: true } }),
    );
    const inTheWay = answer.kind === "refused" ? undefined : answer.document.branch_in_the_way;
    if (inTheWay === undefined) continue;
    checks.push({
      ...{ name: `branches of ${name}`, ok: false, needed: false },
      found: `the remote has a branch ${inTheWay}, so aedev can't push changes to branches ${branchPrefixOf(repository)}/… there`,
      help: `aedev repo add ${shellWord(url)} --name ${name} --branch-prefix NAME`,
    });
  }
  return checks;
}

/** One check for each repository at GitHub. Contract: a failed request is a failed check. */
export async function gitHubChecks(session: Session): Promise<Check[]> {
  const listed = await call(session, "listRepositories", {});
  if (listed.kind === "refused")
    return [{ name: "github", ok: false, found: listed.reason, help: listed.hint ?? "aedev daemon start" }];
  const checks: Check[] = [];
  for (const { name, url, landing } of listed.document.repositories) {
    const body = { path_or_url: url, name };
    const answer = await withProgress(session, `asking about ${name}`, () =>
      call(session, "detectRepository", { body }),
    );
    if (answer.kind === "refused")
      checks.push({ name: `github ${name}`, ok: false, found: answer.reason, help: answer.hint ?? "aedev repo list" });
    else if (answer.document.github !== undefined)
      checks.push(checkOf(name, answer.document.github, { wantsRequests: landing === "pull-request" }));
  }
  return checks;
}

/** Excessive permissions, and a missing credential where none is needed, are only notes. */
function checkOf(name: string, access: GitHubAccessDocument, { wantsRequests }: { wantsRequests: boolean }): Check {
  const head = { name: `github ${name}`, help: permissionsHelp };
  if (access.credential === null)
    return { ...head, ok: !wantsRequests, found: `no credential for ${access.repository} is stored` };
  const { problem, missing, excessive } = access;
  const isEnough = problem === null && missing.length === 0;
  const found = gitHubNotes(access).join("; ") || `the ${access.credential} may do what aedev needs, and no more`;
  return { ...head, ok: isEnough && excessive.length === 0, needed: !isEnough, found };
}
