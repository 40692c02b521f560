/** A home in which control's own performers sealed, judged and decided one real change, on real git and a real log. Only the verdicts are scripted. */

import { writeFileSync } from "node:fs";
import {
  type BundleManifest,
  boundedProvenness,
  canonicalJson,
  noUsage,
  type Verdict,
  withCoverage,
} from "@aedev/contracts";
import { decide, type State, type TaskState } from "@aedev/core";
import { ids, life, noRepair, startRun, verdictOf } from "@aedev/core/testing";
import type { BlobStore } from "@aedev/host/blob-store";
import { homeLayout } from "@aedev/host/home-layout";
import { candidate } from "../../../../test/support/evidence-patch.ts";
import { bareRemote, commitTo, type PlannedTree, temporaryFolder } from "../../../../test/support/git-repositories.ts";
import { loadConfiguration } from "../../src/configuration/load-configuration.ts";
import { loadPolicy } from "../../src/configuration/load-policy.ts";
import { loadPrices } from "../../src/configuration/load-prices.ts";
import { type Control, makeCommand, mirrorsOf } from "../../src/control/control.ts";
import { fetchBase } from "../../src/git/mirror.ts";
import { blobStore } from "../../src/home/blobs.ts";
import { openEventLog } from "../../src/log/event-log.ts";
import { initHome } from "../../src/process/initialize-home.ts";
import { decideGate } from "../../src/work/decide-gate.ts";
import { sealEvidence } from "../../src/work/seal-evidence.ts";
import { noGitHub } from "../control/no-github.ts";
import { trustedLog } from "../control/trusted-log.ts";

export interface SignedHome {
  readonly home: string;
  readonly control: Control;
  readonly blobs: BlobStore;
  state(): State;
  task(): TaskState;
  submit(body: Parameters<typeof makeCommand>[0]): Promise<void>;
  /** Seals the evidence and lets the judges pass it. */
  seal(): Promise<void>;
  decide(): Promise<void>;
  /** A person approves, the branch moves elsewhere, and the checks give the same result there, so that the next seal inherits. */
  approveAndMove(): Promise<void>;
  /** Reports the same check results on the task's current base, and seals the bundle. */
  checkAgain(): Promise<void>;
  close(): Promise<void>;
}

const small: PlannedTree = { "src/a.js": "exports.a = 1;\n", "README.md": "one\ntwo\nthree\n" };
const changed: PlannedTree = {
  "src/a.js": "exports.a = 2;\n",
  "src/b.js": "exports.b = 3;",
  "docs/with space.md": "new\n",
};

/** The files of the repository's first commit. */
export const signedBase: PlannedTree = small;

/** An existing repository to use instead of a new bare one. */
export interface SignedRemote {
  /** Its bare repository, with `signedBase` as its only commit. */
  readonly gitDir: string;
  /** The address under which it is registered. */
  readonly url: string;
  /** Text of the home's `config.yaml`. */
  readonly configuration: string;
  readonly github: (configuration: Control["configuration"]) => Control["github"];
  /** Further keys of its registration. */
  readonly registration: Readonly<Record<string, unknown>>;
  /** Further keys of the run's settings, as the base's `.aedev.yaml` gives them. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The mission's text and origin; by default a person's mission. */
  readonly mission?: { readonly text: string; readonly criterion: string; readonly origin?: object };
}

/** Everything up to the checks' result; tests call `seal` and `decide`. `more`: further entries of the checks' bundle. `parent` null: of the first one. */
export async function openSignedHome(
  files: PlannedTree = changed,
  at?: SignedRemote,
  more: (blobs: BlobStore, parent: string | null) => BundleManifest["entries"] = () => ({}),
): Promise<SignedHome> {
  const home = temporaryFolder();
  await initHome(home);
  if (at !== undefined) writeFileSync(homeLayout(home).configuration, at.configuration);
  const blobs = blobStore(home);
  const log = await openEventLog({ path: homeLayout(home).log, decide });
  const { policy } = loadPolicy({ home });
  const configuration = loadConfiguration({ home, environment: {} });
  const github = at?.github(configuration) ?? noGitHub;
  const control: Control = {
    home,
    configuration,
    log,
    blobs,
    trust: trustedLog,
    policy: () => policy,
    budgets: () => ({ limits: configuration.budgets, prices: loadPrices({ home }) }),
    unreadFiles: async () => [],
    judgePromptDigest: "0".repeat(64),
    github,
    mirror: mirrorsOf({ home, configuration, github, log }),
    verify: () => ({ ok: true, position: 0, hash: "", warnings: [] }),
    signHead: () => undefined,
  };
  const submit = async (body: Parameters<typeof makeCommand>[0]) => {
    const answer = await log.submit(makeCommand(body, "operator"));
    if (answer.kind === "refused") throw new Error(`${body.kind}: ${answer.reason}`);
  };
  const json = (value: unknown) => blobs.put(canonicalJson(value), "application/json");
  const remote = at?.gitDir ?? bareRemote(small);
  const url = at?.url ?? remote;
  const { commit, ref } = await fetchBase({ ...control.mirror("repo"), url });
  const { patch, tree } = candidate(remote, commit, { files });
  const specification = json({
    schema: 1,
    mission_id: ids.mission,
    repository: "repo",
    title: "Close the hole",
    text: at?.mission?.text ?? "Close it.",
    criteria: [{ id: "c1", text: at?.mission?.criterion ?? "a test shows it closed" }],
  });
  const step = (name: string, more: object = {}) =>
    submit({ ...(life[name] as Parameters<typeof makeCommand>[0]), ...more });
  await step("registered", { url, ...at?.registration });
  const { origin } = at?.mission ?? {};
  await step("submitted", {
    specification,
    clarified_spec: json("clarified"),
    ...(origin === undefined ? {} : { origin }),
  });
  await step("approved");
  const settings = { ...(startRun as { settings: object }).settings, ...at?.settings };
  await submit({
    ...startRun,
    ...{ base_commit: commit, ref, settings, policy: json(policy), prompt: json("prompt") },
  } as never);
  const patchBlob = blobs.put(patch, "text/x-patch");
  const environment = {
    ...{ image: "i", image_id: "i", engine_version: "1", coder_version: "1" },
    ...{ prepare_cache_key: null, model: "m" },
  };
  const usage = { ...noUsage, input_tokens: 200, output_tokens: 50, surcharge_tokens: 50 };
  const result = { outcome: "captured", tree, patch: patchBlob, usage, environment };
  await step("captured", { result: { ...result, journal: json([]), transcript: null, exit_code: 0 } });
  const cell = { ran: false, why_not: "none", commands: [] };
  const checkedOn = async (base: string, parent: string | null) => {
    const { tree: on } = candidate(remote, base, { files });
    const entries = {
      ...{ specification, patch: patchBlob, usage: json(usage), environment: json(environment) },
      "base-commit": blobs.put(base, "text/plain"),
      tree: blobs.put(on, "text/plain"),
      "test-matrix": json({ has_checks: false, cells: cells(cell), own_control: null }),
      provenness: json(withCoverage(boundedProvenness({ proven: 0, unproven: [], stayedGreen: [] }), "no-code")),
      ...more(blobs, parent),
    };
    const manifest = { schema: 1, parent, entries };
    await step("checked", { base_commit: base, result: { outcome: "checked", tree: on, manifest } });
  };
  await checkedOn(commit, null);
  const task = () => log.state.tasks[ids.task] as TaskState;
  return {
    home,
    control,
    blobs,
    state: () => log.state,
    task,
    submit,
    async seal() {
      await submit(await sealEvidence(ids.task, control));
      for (const family of ["openai", "gemini"] as const)
        await submit({ kind: "RecordVerdict", task_id: ids.task, verdict: passed(family, task(), control) });
    },
    async decide() {
      await submit({
        ...(await decideGate(ids.task, { waits_for_window: false }, control)),
        repair: noRepair,
      } as never);
    },
    async approveAndMove() {
      const parent = task().evidence?.bundle.digest ?? null;
      await submit({ kind: "ApproveLanding", task_id: ids.task, digest: null });
      commitTo(remote, { files: { "elsewhere.txt": "moved\n" } });
      const moved = await fetchBase({ ...control.mirror("repo"), url });
      await submit({ kind: "RecordBaseMoved", task_id: ids.task, to: moved.commit, hold_id: ids.hold });
      await checkedOn(moved.commit, parent);
      await submit(await sealEvidence(ids.task, control));
    },
    async checkAgain() {
      await checkedOn(task().base_commit ?? "", task().evidence?.bundle.digest ?? null);
      await submit(await sealEvidence(ids.task, control));
    },
    close: () => log.close(),
  };
}

export const secretWords = "the judge's raw words";

function passed(
  family: "openai" | "gemini",
  { evidence }: TaskState,
  { blobs, configuration, judgePromptDigest: promptDigest }: Control,
): Verdict {
  const answer = blobs.put(`${secretWords} of ${family}`, "text/plain");
  const model = configuration.models[family];
  const judge = { model, prompt_digest: promptDigest, bundle_digest: evidence?.bundle.digest ?? "" };
  return { ...verdictOf(family, "pass"), ...judge, answer };
}

function cells(cell: object): Record<string, object> {
  const names = ["old-tests-old-code", "old-tests-new-code", "new-tests-old-code", "new-tests-new-code"];
  return Object.fromEntries(names.map((name) => [name, cell]));
}
