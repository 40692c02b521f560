/** A judged and approved change that is about to land through a pull request at the fake GitHub: control's own performer on real git and a real log. */
import { join } from "node:path";
import { type CommitConventions, Fault, holdOf } from "@aedev/contracts";
import { type CommandBody, pendingWork, type TaskState, widestBounds } from "@aedev/core";
import { ids } from "@aedev/core/testing";
import { type FakeGitHub, startFakeGitHub } from "@aedev/fakes/github/server";
import { newId } from "../../../packages/daemon/src/control/control.ts";
import { workKinds } from "../../../packages/daemon/src/control/work-kinds.ts";
import { openGitHubAccess } from "../../../packages/daemon/src/github/credential.ts";
import { followDraft } from "../../../packages/daemon/src/work/follow-draft.ts";
import { landChange } from "../../../packages/daemon/src/work/land-change.ts";
import { openDraftPullRequest } from "../../../packages/daemon/src/work/open-draft.ts";
import {
  openSignedHome,
  type SignedHome,
  type SignedRemote,
  signedBase,
} from "../../../packages/daemon/test/evidence/signed-home.ts";
import { bareRemote, temporaryFolder } from "../../support/git-repositories.ts";

const token = "ghp_aTokenOfThisTestThatIsSearchedFor00000";
const appToken = "ghs_anAppsTokenThatIsSearchedForToo0000000";

/** The initial files of every repository of the fake. */
export const firstFiles = signedBase;

/** A fake whose accounts may write to every repository that `openLanding` adds. */
export async function startGitHub(options: { unknownMergeabilityReads?: number } = {}): Promise<FakeGitHub> {
  return startFakeGitHub({ folder: join(temporaryFolder(), "github"), ...options });
}

export interface Landing {
  readonly home: SignedHome;
  readonly repository: ReturnType<FakeGitHub["repository"]>;
  readonly fullName: string;
  /** Without `refs/heads/`. */
  readonly branch: string;
  task(): TaskState;
  /** Registers the repository again with some keys changed. */
  configure(change: { readonly allow_writes: boolean }): Promise<void>;
  /** The types of the task's events, oldest first. */
  eventTypes(): Promise<string[]>;
  /** Ends the process before it records the next results of this kind. */
  loseResults(kind: CommandBody["kind"], times: number): void;
  /** Calls the performer once, as the loop does: its result is recorded, and a fault counts as one try. */
  step(): Promise<"recorded" | "waits" | "failed">;
  /** Steps until nothing is left to do now. Returns the task's status, `waits`, or a hold's code with its detail. */
  drive(): Promise<string>;
  /** Looks once at the draft while a person is asked. */
  followDraft(): Promise<"recorded" | "waits">;
  /** A person approves the change. */
  approve(): Promise<void>;
  /** A person releases the hold. */
  release(): Promise<void>;
  /** Reports somebody else's status on the landing's commit. */
  report(context: string, state: "failure" | "pending" | "success"): Promise<void>;
  /** The credential's login and value. */
  readonly account: { readonly login: string; readonly token: string };
}

let repositories = 0;

export interface LandingOptions {
  readonly landing?: "push" | "pull-request";
  readonly identity?: "token" | "app";
  readonly mergeMethod?: "merge" | "squash" | "rebase";
  /** The setting `github.labels`. */
  readonly labels?: readonly string[];
  /** The setting `github.wait`. */
  readonly wait?: string;
  /** Keys of `landing:`, one line each. If there are any, nobody has approved the change yet. */
  readonly asked?: readonly string[];
  readonly files?: Record<string, string>;
  /** Files that the base has in addition to `firstFiles`. */
  readonly base?: Record<string, string>;
  /** True if only accounts with a role see the repository; default false. */
  readonly isPrivate?: boolean;
  /** The repository's conventions for commit messages. */
  readonly commits?: CommitConventions;
  /** The mission's text and its origin. */
  readonly mission?: SignedRemote["mission"];
  /** The setting `github.review_instructions`; default true. */
  readonly reviewInstructions?: boolean;
}

export async function openLanding(gitHub: FakeGitHub, options: LandingOptions = {}): Promise<Landing> {
  const {
    landing = "pull-request",
    identity = "token",
    mergeMethod,
    wait = "24h",
    files,
    isPrivate = false,
    labels,
    asked,
    commits,
  } = options;
  repositories += 1;
  const number = repositories;
  const fullName = `acme/project-${number}`;
  const repository = await gitHub.addRepository({
    fullName,
    from: bareRemote({ ...signedBase, ...options.base }),
    private: isPrivate,
  });
  const own = { user: `${token}${number}`, app: `${appToken}${number}` };
  gitHub.addAccount({
    login: `operator-${number}`,
    token: own.user,
    kind: "user",
    permissions: { [fullName]: "write" },
  });
  gitHub.addAccount({
    login: `aedev-${number}`,
    token: own.app,
    kind: "app",
    permissions: { [fullName]: "write" },
  });
  const home = await openSignedHome(files, {
    gitDir: repository.gitDir,
    url: repository.cloneUrl,
    configuration: [
      ...(asked === undefined ? [] : ["landing:", ...asked.map((line) => `  ${line}`)]),
      "github:",
      `  url: ${gitHub.origin}`,
      `  api_url: ${gitHub.apiUrl}`,
      `  wait: ${wait}`,
      `  review_instructions: ${options.reviewInstructions ?? true}`,
      ...(labels === undefined ? [] : [`  labels: ${JSON.stringify(labels)}`]),
      ...(mergeMethod === undefined ? [] : [`  merge_method: ${mergeMethod}`]),
      "",
    ].join("\n"),
    registration: { landing, allow_writes: true },
    settings: commits === undefined ? {} : { commits },
    ...(options.mission === undefined ? {} : { mission: options.mission }),
    github: ({ github }) => {
      const access = openGitHubAccess({
        github,
        secrets: () => ({ AEDEV_GITHUB_TOKEN: identity === "app" ? own.app : own.user }),
      });
      // An installation token of the fake replaces one minted by an app; minting has a test of its own.
      return identity === "app" ? { ...access, credential: async () => ({ kind: "app", token: own.app }) } : access;
    },
  });
  await home.seal();
  await home.decide();
  const approve = () => home.submit({ kind: "ApproveLanding", task_id: ids.task, digest: null });
  if (asked === undefined) await approve();
  let failures = 0;
  let lost: { readonly kind: CommandBody["kind"]; times: number } | null = null;

  const task = () => {
    const found = home.control.log.stateWith({ tasks: [ids.task] }).tasks[ids.task];
    if (found === undefined) throw new Error("the task is not in the log");
    return found;
  };

  const isDraftDue = () =>
    pendingWork(home.control.log.state, new Date().toISOString(), { ...widestBounds, drafts: true }).some(
      ({ kind }) => kind === "OpenDraft",
    );

  async function hold(fault: Fault): Promise<void> {
    const { code, detail } = holdOf(fault, workKinds.LandChange.exhausted);
    await home.submit({ kind: "HoldTask", task_id: ids.task, code, detail, hold_id: newId("h") });
  }

  async function step() {
    let body: Awaited<ReturnType<typeof landChange>>;
    const perform = task().status === "asked" ? openDraftPullRequest : landChange;
    try {
      // Each call gets a new record, as after a restart: only log and remote remember.
      body = await perform(ids.task, { ...home.control });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      failures += 1;
      if (task().status === "asked") return "failed";
      if (!error.retry || failures >= workKinds.LandChange.tries) await hold(error);
      return "failed";
    }
    failures = 0;
    if (body === null || body.kind === "Deferred") return "waits";
    if (lost !== null && lost.kind === body.kind && lost.times > 0) {
      lost.times -= 1;
      return "failed";
    }
    await home.submit(body);
    return "recorded";
  }

  return {
    home,
    repository,
    fullName,
    branch: `aedev/${ids.mission}/${ids.task}`,
    task,
    async configure(change) {
      const known = home.control.log.state.repositories.repo;
      if (known === undefined) throw new Error("the repository is not registered");
      const { paused: _paused, watched: _watched, ...registration } = known;
      await home.submit({ kind: "ConfigureRepository", ...registration, ...change });
    },
    eventTypes: async () => (await home.control.log.listEvents({ stream: `task/${ids.task}` })).map(({ type }) => type),
    loseResults(kind, times) {
      lost = { kind, times };
    },
    step,
    async drive() {
      for (let steps = 0; steps < 40; steps += 1) {
        const { status, hold: held } = task();
        if (held !== null) return `${held.code}: ${held.detail}`;
        if (status !== "landing" && !(status === "asked" && isDraftDue())) return status;
        if ((await step()) === "waits") return "waits";
      }
      throw new Error("the landing does not end");
    },
    async followDraft() {
      const body = await followDraft(ids.task, { ...home.control });
      if (body === null || body.kind === "Deferred") return "waits";
      await home.submit(body);
      return "recorded";
    },
    approve,
    release: () => home.submit({ kind: "ReleaseHold", hold_id: task().hold?.hold_id ?? "" }),
    async report(context, state) {
      await repository.as("ci").status({ sha: task().landing?.commit ?? "", context, state });
    },
    account:
      identity === "app"
        ? { login: `aedev-${number}[bot]`, token: own.app }
        : { login: `operator-${number}`, token: own.user },
  };
}

/** A landing whose pull request waits for the check `test`, which the branch requires. */
export async function openWaiting(gitHub: FakeGitHub, options: LandingOptions = {}): Promise<Landing> {
  const landing = await openLanding(gitHub, options);
  landing.repository.protect("main", { requiredChecks: ["test"] });
  const end = await landing.drive();
  const { waits_for = [] } = landing.task().pull_request ?? {};
  if (end !== "waits" || !waits_for.some((wait) => wait.kind === "check-missing" && wait.name === "test"))
    throw new Error(`the pull request does not wait for its check: ${end}`);
  return landing;
}
