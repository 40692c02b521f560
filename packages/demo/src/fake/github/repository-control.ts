/** A repository of the fake as a test holds it: protection, settings, and acting in it as people and apps. */

import { createPerson, type Person, postCheckRunAs, tipOf } from "./people.ts";
import { type CheckRunInput, findCheckRun } from "./state/check-results.ts";
import { findIssue } from "./state/issues.ts";
import { followBranches } from "./state/pulls.ts";
import type { IssueRecord, MergeSettings, Protection, RepositoryRecord, Role } from "./state/records.ts";
import type { World } from "./state/world.ts";

export interface RepositoryControl {
  readonly fullName: string;
  /** The bare repository; reading it is fine. */
  readonly gitDir: string;
  /** Of git, without credentials: `http://127.0.0.1:40001/owner/name.git`. */
  readonly cloneUrl: string;
  /** A branch's tip; null if there is none. */
  tip(branch: string): Promise<string | null>;
  protect(branch: string, protection?: Protection): void;
  unprotect(branch: string): void;
  change(settings: Partial<MergeSettings>): void;
  /** null takes the account's role away. */
  setRole(login: string, role: Role | null): void;
  /** Acts as this account; one that is not known yet is created. */
  as(login: string): Person;
  checkRun(run: CheckRunInput & { app: string; headSha: string; name: string }): Promise<number>;
  /** The suite of this check run has more to come, or has not; its runs may all have ended. */
  expectMoreChecks(checkRunId: number, isOpen: boolean): void;
  /** An issue or a pull request as the fake remembers it, brought up to its branches. */
  issue(number: number): Promise<Readonly<IssueRecord>>;
}

export function createRepositoryControl(world: World, repository: RepositoryRecord, origin: string): RepositoryControl {
  const { fullName, gitDir } = repository;
  return {
    fullName,
    gitDir,
    cloneUrl: `${origin}/${fullName}.git`,
    tip: (branch) => tipOf(world, repository, branch),
    protect: (branch, protection = {}) => void repository.protections.set(branch, protection),
    unprotect: (branch) => void repository.protections.delete(branch),
    change: (settings) => void Object.assign(repository.settings, settings),
    setRole: (login, role) => {
      if (role === null) repository.roles.delete(login.toLowerCase());
      else repository.roles.set(login.toLowerCase(), role);
    },
    as: (login) => createPerson(world, repository, login),
    checkRun: (run) => postCheckRunAs(world, repository, run),
    expectMoreChecks: (id, isOpen) => {
      const { suiteId } = findCheckRun(repository, id);
      if (isOpen) repository.openSuites.add(suiteId);
      else repository.openSuites.delete(suiteId);
    },
    issue: (number) =>
      world.exclusively(fullName, async () => {
        await followBranches(world, repository);
        return findIssue(repository, number);
      }),
  };
}
