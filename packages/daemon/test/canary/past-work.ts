/** Makes a home with a past: many small changes over a real repository, sealed by control from a scripted runner's report, judged by the real plane, landed. */
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type BundleManifest,
  boundedProvenness,
  canonicalJson,
  noUsage,
  type Specification,
  specificationSchema,
  type TestMatrix,
  testMatrixSchema,
  withCoverage,
} from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import { type CommandBody, pendingWork } from "@aedev/core";
import { clear, environment, noRepair } from "@aedev/core/testing";
import { gitEvidenceDiffFlags, gitInfoAttributes } from "@aedev/host/git/git-safety";
import { git, gitText } from "../../../../test/support/git-repositories.ts";
import { watchedNothing } from "../../../core/test/gate/sample-policy.ts";
import { type Control, newId } from "../../src/control/control.ts";
import { fetchBase } from "../../src/git/mirror.ts";
import { performByPlane } from "../../src/loop/plane-work.ts";
import type { Planes } from "../../src/planes/planes.ts";
import { sealEvidence } from "../../src/work/seal-evidence.ts";
import { submit } from "../phone/approval/asked-home.ts";
import { type InventedChange, inventChange } from "./invented-code.ts";

const repositoryName = "repo";
const settings = {
  prepare: null,
  build: null,
  inputs: [],
  outputs: [],
  verify: ["npm test"],
  tests: ["test/**"],
  image: null,
};

export interface Candidate extends InventedChange {
  readonly patch: Buffer;
  readonly tree: string;
}
export interface PastWork {
  readonly url: string;
  readonly candidates: readonly Candidate[];
}

/** One repository, and every change as a candidate tree on its only commit. `alter` may edit an invented change. */
export function makePastWork(
  folder: string,
  changes: number,
  random: () => number,
  alter = (change: InventedChange, _number: number): InventedChange => change,
): PastWork {
  const dir = join(folder, "remote.git");
  git("/", ["init", "--bare", "--quiet", "--initial-branch=main", dir]);
  const invented = Array.from({ length: changes }, (_, number) => alter(inventChange(number, random), number));
  const before = Object.assign({ "README.md": "# Parts\n" }, ...invented.map((change) => change.before));
  const commit = (ref: string, files: Readonly<Record<string, string>>, from: string) =>
    [
      `commit ${ref}\ncommitter Person <person@example.org> 1700000000 +0000\ndata 6\nchange\n${from}`,
      ...Object.entries(files).map(
        ([path, text]) => `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`,
      ),
    ].join("");
  const stream = [
    commit("refs/heads/main", before, ""),
    ...invented.map((change, number) => commit(`refs/heads/change-${number}`, change.after, "from refs/heads/main\n")),
  ];
  git(dir, ["fast-import", "--quiet"], stream.join(""));
  const work = join(folder, "work.git");
  cpSync(dir, work, { recursive: true });
  mkdirSync(join(work, "info"), { recursive: true });
  writeFileSync(join(work, "info/attributes"), gitInfoAttributes);
  const format = ["for-each-ref", "--format=%(refname:short) %(tree)", "refs/heads"];
  const trees = new Map(
    gitText(work, format)
      .split("\n")
      .map((line) => line.split(" ") as [string, string]),
  );
  const candidates = invented.map((change, number): Candidate => {
    const flags = ["diff-tree", "-r", "-p", ...gitEvidenceDiffFlags];
    const patch = git(work, [...flags, "main^{tree}", `change-${number}^{tree}`]);
    return { ...change, patch, tree: trees.get(`change-${number}`) ?? "" };
  });
  for (let number = 0; number < changes; number += 1) git(dir, ["update-ref", "-d", `refs/heads/change-${number}`]);
  return { url: dir, candidates };
}

export async function registerRepository(control: Control, { url }: PastWork): Promise<string> {
  await submit(control, { kind: "InitializeHome", home_id: "home" }).catch(() => undefined);
  await submit(control, {
    kind: "ConfigureRepository",
    name: repositoryName as never,
    url,
    target: "default-branch",
    settings,
    profile: "balanced",
    allow_writes: true,
    trial: "green",
  });
  const place = { home: control.home, repository: repositoryName, timeoutMs: 30_000 };
  return (await fetchBase({ ...place, url })).commit;
}

function matrixOf({ tests }: InventedChange, random: () => number): TestMatrix {
  const durationMs = () => 200 + Math.floor(random() * 900);
  const cell = (result: "pass" | "fail" | null) => ({
    ran: true,
    why_not: null,
    cached: null,
    commands: [
      {
        command: "npm test",
        exit_code: result === "fail" ? 1 : 0,
        timed_out: false,
        duration_ms: durationMs(),
        output_tail: "",
        omitted_bytes: 0,
        format: "tap",
        tests: [{ id: "loads", result: "pass" }, ...(result === null ? [] : tests.map((id) => ({ id, result })))],
        sentinel: "failed-as-it-must",
        incomplete: null,
        runs: 1,
      },
    ],
  });
  const cells = {
    "old-tests-old-code": cell(null),
    "old-tests-new-code": cell(null),
    "new-tests-old-code": cell("fail"),
    "new-tests-new-code": cell("pass"),
  };
  return testMatrixSchema.parse({ has_checks: true, own_control: null, cells });
}

/** Reports a candidate's run and checks, up to control's own seal; the task is then judged. */
export async function sealCandidate(
  control: Control,
  candidate: Candidate,
  { base, random }: { base: string; random: () => number },
): Promise<string> {
  const [missionId, taskId, runId] = [newId("m"), newId("t"), newId("r")];
  const json = (value: unknown) => control.blobs.put(canonicalJson(value), "application/json");
  const specification: Specification = specificationSchema.parse({
    schema: 1,
    mission_id: missionId,
    repository: repositoryName,
    title: candidate.title,
    text: candidate.criteria.join("\n"),
    criteria: candidate.criteria.map((text, place) => ({ id: `c${place + 1}`, text })),
  });
  const usage = { ...noUsage, output_tokens: 1000 + Math.floor(random() * 4000), requests: 3 };
  const patch = control.blobs.put(candidate.patch, "text/x-patch");
  const manifest: BundleManifest = {
    schema: 1,
    parent: null,
    entries: {
      specification: json(specification),
      patch,
      "base-commit": control.blobs.put(base, "text/plain"),
      tree: control.blobs.put(candidate.tree, "text/plain"),
      "test-matrix": json(matrixOf(candidate, random)),
      provenness: json(withCoverage(boundedProvenness({ proven: 12, unproven: [], stayedGreen: [] }), "no-code")),
      "watched-paths": json(watchedNothing),
      usage: json(usage),
      environment: json(environment),
    },
  };
  const journal = json({ exchanges: [] });
  const bodies: CommandBody[] = [
    {
      kind: "SubmitMission",
      mission_id: missionId,
      repository: repositoryName,
      title: candidate.title,
      criteria: [...specification.criteria],
      specification: manifest.entries.specification ?? patch,
      priority: "normal",
      after: [],
      clarity: clear,
      clarified_spec: journal,
    },
    { kind: "ApproveMission", mission_id: missionId, spec_digest: null, task_id: taskId },
    {
      kind: "StartRun",
      task_id: taskId,
      run_id: runId,
      base_commit: base,
      ref: "refs/heads/main",
      prompt: journal,
      settings,
      policy: json(control.policy()),
      profile: "balanced",
    },
    {
      kind: "RecordCoderResult",
      task_id: taskId,
      run_id: runId,
      hold_id: newId("h"),
      result: {
        outcome: "captured",
        tree: candidate.tree,
        patch,
        usage,
        environment,
        journal,
        transcript: null,
        exit_code: 0,
      },
    },
    {
      kind: "RecordChecksResult",
      task_id: taskId,
      run_id: runId,
      base_commit: base,
      hold_id: newId("h"),
      result: { outcome: "checked", tree: candidate.tree, manifest },
    },
  ];
  for (const body of bodies) await submit(control, body);
  await submit(control, await sealEvidence(taskId, control));
  return taskId;
}

/** Asks the judges about a sealed task, as the loop does. */
export async function judgeTask(control: Control, planes: Planes, taskId: string): Promise<void> {
  const now = new Date().toISOString();
  for (const work of pendingWork(control.log.state, now))
    if (work.kind === "JudgeEvidence" && work.task_id === taskId) {
      const body = await performByPlane(work, control.log.state, { control, planes });
      if (body !== null) await submit(control, body);
    }
}

/** Records that the gate merged the change and that it landed, as in a finished past. */
export async function landTask(control: Control, taskId: string): Promise<void> {
  const task = control.log.state.tasks[taskId];
  if (task?.evidence == null || task.tree === null) throw new Error(`task ${taskId} has no evidence`);
  const { bundle, change_digest, base_commit } = task.evidence;
  const decision: EventData<"GateDecided"> = {
    answer: "merge",
    hold_code: null,
    hold_detail: null,
    reasons: [],
    risk_score: -2500,
    score_kind: "log-odds",
    shares: [],
    level: "low",
    statement: bundle,
    policy_digest: "a".repeat(64),
    profile: "balanced",
    bundle_digest: bundle.digest,
    change_digest,
  };
  const commit = "9".repeat(40);
  const hold_id = newId("h");
  const about = { missing_tests: null, waits_for_window: false, independent_tests: false, repair: noRepair, hold_id };
  await submit(control, { kind: "DecideGate", task_id: taskId, decision, ...about });
  await submit(control, {
    kind: "StartLanding",
    task_id: taskId,
    ref: "refs/heads/main",
    base_commit,
    tree: task.tree,
    commit,
    committed_at: new Date().toISOString(),
    author: { name: "aedev", email: "aedev@localhost" },
    message: bundle,
    log_head: { position: 1, hash: "0".repeat(64) },
  });
  await submit(control, { kind: "RecordLanded", task_id: taskId, commit, ref: "refs/heads/main" });
}

export function temporaryHome(): { home: string; remove: () => void } {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "aedev-canaries-")));
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}
