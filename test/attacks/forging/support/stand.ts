/**
 * Takes a change through everything that decides about it: control's own work from the base to the gate's decision, and the runner's checks in containers. Only
 * the coder, which brings the change, and the judges, which pass everything, are replaced.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { clarifyMission } from "@aedev/clarify";
import { Fault, reasonText } from "@aedev/contracts";
import { type CommandBody, pendingWork, type TaskState, type TaskWork } from "@aedev/core";
import { gitEvidenceDiffFlags } from "@aedev/host/git/git-safety";
import { writeSpecification } from "../../../../packages/daemon/src/clarification/specification.ts";
import { type Control, makeCommand, newId } from "../../../../packages/daemon/src/control/control.ts";
import { createPerform } from "../../../../packages/daemon/src/loop/perform.ts";
import { openControl } from "../../../../packages/daemon/test/phone/approval/asked-home.ts";
import { type CoderChange, type CoderChanges, planesOf, runsForTests } from "./planes.ts";
import { resolver, withoutTypes } from "./proof.ts";
import type { Base, Case, Files } from "./read-cases.ts";

export interface Decision {
  readonly answer: "merge" | "ask" | "hold";
  /** The hold's code and every reason, one per line. */
  readonly reasons: string;
  /** The earlier decisions that led to answered runs for tests, in order. */
  readonly earlier: readonly Decided[];
}

type Decided = Omit<Decision, "earlier">;

export interface Stand {
  /**
   * The decision about the case's change under the profile `balanced`. If a run for tests follows and the case has an answer to it, the answer becomes the
   * change; without one the run would repeat the change, so the earlier decision stands.
   */
  decide(one: Case): Promise<Decision>;
  /** A tar archive of one of the case's changes and the proof's files. */
  archive(one: Case, change: Files): Buffer;
  close(): Promise<void>;
}

interface Remote {
  readonly work: string;
  readonly commit: string;
}

/** `isIndependent`: each base's other run writes tests before a change merges (ADR 0044); each case's base must have one. */
export async function openStand(
  imageOf: (base: Base) => Promise<string | null>,
  { isIndependent }: { isIndependent: boolean },
): Promise<Stand> {
  const folder = mkdtempSync(join(tmpdir(), "forging-"));
  const opened = await openControl(join(folder, "home"), {});
  const policy = { ...opened.policy(), independent_tests: isIndependent };
  const control = { ...opened, policy: () => policy };
  const remotes = new Map<string, Promise<Remote>>();
  const coder = new Map<string, CoderChanges>();
  const perform = createPerform({
    control,
    planes: planesOf(control, coder),
    notifier: { send: () => Promise.reject(new Error("nobody is notified here")) },
    canaries: { perform: () => Promise.reject(new Error("nothing is planted here")) },
  });
  await submit(control, {
    kind: "LoadPolicy",
    digest: "0".repeat(64),
    policy: control.blobs.put(JSON.stringify(control.policy()), "application/json"),
    approvals: { require_second_person: false, require_sign_in_above: "high" },
  });

  async function remoteOf(base: Base): Promise<Remote> {
    const work = join(folder, base.name);
    mkdirSync(work);
    git(work, "init", "--quiet", "--initial-branch=main");
    writeFiles(work, base.files);
    git(work, "add", "--all", "--force");
    git(work, "commit", "--quiet", "--message=import");
    const url = join(folder, `${base.name}.git`);
    git(folder, "clone", "--quiet", "--bare", work, url);
    await submit(control, {
      kind: "ConfigureRepository",
      name: base.name as never,
      url,
      target: "default-branch",
      settings: {
        prepare: base.keys.get("prepare") ?? null,
        build: null,
        inputs: wordsOf(base, "inputs"),
        outputs: wordsOf(base, "outputs"),
        verify: [requiredKey(base, "verify")],
        tests: wordsOf(base, "tests"),
        image: await imageOf(base),
      },
      profile: "balanced",
      allow_writes: true,
      trial: "untried",
    } as CommandBody);
    return { work, commit: git(work, "rev-parse", "HEAD").toString().trim() };
  }
  const known = (base: Base): Promise<Remote> => {
    const remote = remotes.get(base.name) ?? remoteOf(base);
    remotes.set(base.name, remote);
    return remote;
  };

  /** Writes the change into the working copy and returns its tree. */
  function treeOf({ work, commit }: Remote, ...changes: readonly Files[]): string {
    git(work, "checkout", "--quiet", "--force", commit);
    git(work, "clean", "-fdxq");
    for (const change of changes) writeFiles(work, change);
    git(work, "add", "--all", "--force");
    return git(work, "write-tree").toString().trim();
  }

  return {
    async decide(one) {
      const remote = await known(one.base);
      const changeOf = (files: Files): CoderChange => {
        const tree = treeOf(remote, files);
        const bytes = git(remote.work, "diff-tree", "-p", "--binary", ...gitEvidenceDiffFlags, remote.commit, tree);
        return { tree, patch: control.blobs.put(bytes, "text/x-diff") };
      };
      const taskId = await approvedTask(one.base, control);
      coder.set(taskId, {
        usual: changeOf(one.change),
        forTests: one.improved.map(changeOf),
        forIndependentTests: one.corrected.map(changeOf),
        independent: one.base.independent.map(changeOf),
      });
      const decisions: Decided[] = [];
      for (;;) {
        const state = control.log.stateWith({ tasks: [taskId] });
        const task = state.tasks[taskId];
        const isUnanswered = task?.next_cause === "tests" && !hasAnswer(task, one);
        const work = pendingWork(state, new Date().toISOString()).find(
          (pending): pending is TaskWork => pending.task_id === taskId,
        );
        if (work === undefined || isUnanswered) {
          const last = decisions.pop() ?? heldDecision(task?.hold ?? null, one);
          return endOf(last, decisions);
        }
        const done = await heldOnFault(() => perform(work, state));
        if ("answer" in done) return endOf(done, decisions);
        const decision = done.body.kind === "DecideGate" ? decisionOf(done.body) : null;
        if (decision?.answer === "hold" && decisions.length === 0) return endOf(decision, decisions);
        await submit(control, done.body);
        const { status } = control.log.stateWith({ tasks: [taskId] }).tasks[taskId] ?? {};
        if (decision !== null && status === "landing") return endOf(decision, decisions);
        // A change that would merge may first wait for another run's tests.
        if (decision !== null && decision.answer !== "merge") decisions.push(decision);
      }
    },
    archive(one, change) {
      const work = mkdtempSync(join(folder, "proof-"));
      git(work, "init", "--quiet", "--initial-branch=main");
      for (const files of [one.base.files, change, one.proof, resolver]) writeFiles(work, withoutTypes(files));
      git(work, "add", "--all", "--force");
      const bytes = git(work, "archive", "--format=tar", git(work, "write-tree").toString().trim());
      rmSync(work, { recursive: true, force: true });
      return bytes;
    },
    async close() {
      await control[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** True if the case has an answer to the next run for tests. */
function hasAnswer({ runs, independent }: TaskState, { improved, corrected }: Case): boolean {
  const { before, after } = runsForTests(runs);
  return independent === undefined ? before < improved.length : after < corrected.length;
}

/** A change that does not merge after a run for tests ends with a question to a person, about the last change or an earlier one. */
function endOf(last: Decided, earlier: readonly Decided[]): Decision {
  const asked = earlier.filter(({ answer }) => answer === "ask");
  return { ...last, answer: asked.length > 0 && last.answer !== "merge" ? "ask" : last.answer, earlier: asked };
}

function decisionOf({ decision }: Extract<CommandBody, { kind: "DecideGate" }>): Decided {
  const { answer, hold_code, reasons, shares } = decision;
  const risk = shares.filter(({ points }) => points > 0);
  const lines = [
    ...(hold_code === null ? [] : [hold_code]),
    ...reasons.map((reason) => reasonText(reason)),
    ...risk.map(({ factor, points, why }) => `risk: ${factor} ${points}, ${why}`),
  ];
  return { answer, reasons: lines.join("\n") };
}

/** Turns Faults into holds, as the daemon's loop does. */
async function heldOnFault(
  perform: () => ReturnType<ReturnType<typeof createPerform>>,
): Promise<Decided | { body: CommandBody }> {
  try {
    const body = await perform();
    if (body === null || body.kind === "Deferred") throw new Error("the work was put off");
    return { body };
  } catch (error) {
    if (!(error instanceof Fault) || !error.code.startsWith("HOLD-")) throw error;
    return { answer: "hold", reasons: `${error.code}\n${error.detail ?? error.message}` };
  }
}

function heldDecision(hold: { readonly code: string; readonly detail: string | null } | null, { id }: Case): Decided {
  if (hold === null) throw new Error(`${id}: no work is pending, and nothing is held`);
  return { answer: "hold", reasons: `${hold.code}\n${hold.detail ?? ""}` };
}

async function approvedTask(base: Base, control: Control): Promise<string> {
  const missionId = newId("m");
  const taskId = newId("t");
  const text = requiredKey(base, "request");
  const { clarity, criteria } = clarifyMission(
    { text, criteria: [requiredKey(base, "criterion")] },
    control.policy().clarification,
  );
  const title = text.slice(0, 100);
  const mission = { mission_id: missionId as never, repository: base.name as never, title, criteria };
  await submit(control, {
    kind: "SubmitMission",
    ...mission,
    priority: "normal",
    after: [],
    clarity,
    ...writeSpecification(control.blobs, { schema: 1, ...mission, text }, clarity),
  } as CommandBody);
  await submit(control, { kind: "ApproveMission", mission_id: missionId, spec_digest: null, task_id: taskId });
  return taskId;
}

async function submit(control: Control, body: CommandBody): Promise<void> {
  const answer = await control.log.submit(makeCommand(body, "operator"));
  if (answer.kind === "refused") throw new Error(`${body.kind} was refused: ${answer.reason}`);
}

function requiredKey(base: Base, key: string): string {
  const value = base.keys.get(key);
  if (value === undefined) throw new Error(`the base ${base.name} has no ${key}`);
  return value;
}

function wordsOf(base: Base, key: string): string[] {
  return (base.keys.get(key) ?? "").split(" ").filter((word) => word !== "");
}

function writeFiles(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const place = join(folder, path);
    if (content === null) rmSync(place);
    else {
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, content);
    }
  }
}

function git(folder: string, ...args: string[]): Buffer {
  const identity = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
  const env = { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  return execFileSync("git", [...identity, ...args], { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 });
}
