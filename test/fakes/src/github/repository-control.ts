/** A test's handle on a repository of the fake: protection, settings, and acting in it as people and apps. */

import type { GitHubSite } from "./documents/site.ts";
import { createPerson, type Person, postCheckRunAs, tipOf } from "./people.ts";
import { type CheckRunInput, findCheckRun } from "./state/check-results.ts";
import { findIssue } from "./state/issues.ts";
import { followBranches } from "./state/pulls.ts";
import type { IssueRecord, MergeSettings, Protection, RepositoryRecord, Role } from "./state/records.ts";
import { instant, type World } from "./state/world.ts";
import { addHook, type FakeHook } from "./webhook.ts";

export interface RepositoryControl {
  readonly fullName: string;
  /** The bare repository, which tests may read. */
  readonly gitDir: string;
  /** Address for git, without credentials: `http://127.0.0.1:40001/owner/name.git`. */
  readonly cloneUrl: string;
  /** A branch's tip; null if there is no such branch. */
  tip(branch: string): Promise<string | null>;
  protect(branch: string, protection?: Protection): void;
  unprotect(branch: string): void;
  change(settings: Partial<MergeSettings>): void;
  /** Sets the account's role; null removes it. */
  setRole(login: string, role: Role | null): void;
  /** Gives a team of the organization access. */
  addTeam(slug: string): void;
  /** Acts as this account, which is created if it is unknown. */
  as(login: string): Person;
  checkRun(run: CheckRunInput & { app: string; headSha: string; name: string }): Promise<number>;
  /** Says whether the suite of this check run expects more runs, even if all have ended. */
  expectMoreChecks(checkRunId: number, isOpen: boolean): void;
  /** Delivers each later change to the hook, signed with its secret. */
  addHook(hook: { url: string; secret: string }): Promise<FakeHook>;
  /** Opens a Dependabot alert; returns its number. */
  raiseAlert(alert: { dependency: string; patched: string | null; summary?: string; advisory?: string }): number;
  /** Ends an alert that was dismissed or fixed. */
  endAlert(number: number): void;
  /** An issue or pull request, updated to its branches. */
  issue(number: number): Promise<Readonly<IssueRecord>>;
}

export function createRepositoryControl(
  world: World,
  repository: RepositoryRecord,
  site: GitHubSite,
): RepositoryControl {
  const { fullName, gitDir } = repository;
  return {
    fullName,
    gitDir,
    cloneUrl: `${site.origin}/${fullName}.git`,
    tip: (branch) => tipOf(world, repository, branch),
    protect: (branch, protection = {}) => void repository.protections.set(branch, protection),
    unprotect: (branch) => void repository.protections.delete(branch),
    change: (settings) => void Object.assign(repository.settings, settings),
    setRole: (login, role) => {
      if (role === null) repository.roles.delete(login.toLowerCase());
      else repository.roles.set(login.toLowerCase(), role);
    },
    addTeam: (slug) => void repository.teams.set(slug.toLowerCase(), { id: world.nextId(), slug }),
    as: (login) => createPerson(world, repository, login),
    checkRun: (run) => postCheckRunAs(world, repository, run),
    expectMoreChecks: (id, isOpen) => {
      const { suiteId } = findCheckRun(repository, id);
      if (isOpen) repository.openSuites.add(suiteId);
      else repository.openSuites.delete(suiteId);
    },
    addHook: (hook) => world.exclusively(fullName, () => addHook(world, repository, { ...hook, site })),
    raiseAlert({ dependency, patched, summary = "It has a flaw", advisory }) {
      const number = Math.max(0, ...repository.alerts.keys()) + 1;
      const named = {
        ...{ ecosystem: "npm", dependency, manifest: "package-lock.json" },
        advisory: advisory ?? `GHSA-aaaa-bbbb-${String(number).padStart(4, "0")}`,
      };
      const versions = { vulnerable: `< ${patched ?? "9999"}`, patched };
      repository.alerts.set(number, { number, ...named, ...versions, summary, createdAt: instant(world) });
      return number;
    },
    endAlert: (number) => void repository.alerts.delete(number),
    issue: (number) =>
      world.exclusively(fullName, async () => {
        await followBranches(world, repository);
        return findIssue(repository, number);
      }),
  };
}
