/** The outside of the demo's home: coders, checks, judges, remotes and people, who do what the mission's end asks for, in times and amounts that are drawn. */
import type { Usage, Verdict } from "@aedev/contracts";
import { runOfChange, type TaskState, type Work } from "@aedev/core";
import { captured, checked, sampleHeldReport, sealed, startLanding, startRun, verdictOf } from "@aedev/core/testing";
import type { DemoHome } from "@aedev/daemon";
import { type BoardMission, type BoardRepository, patchOf, testName } from "./board-missions.ts";
import { type Chance, chanceOf, drawnDigest } from "./chance.ts";
import { gateBody, isAsked } from "./gate.ts";
import type { DemoOutside, Reply } from "./simulate.ts";

const minute = 60_000;
const hour = 60 * minute;
/** Names with prices in config/prices.yaml. */
const models = { coder: "claude-sonnet-5-5", openai: "gpt-5.2", gemini: "gemini-3.1-pro-preview", compatible: "" };
const watchMs = 14 * 24 * hour;

/** A mission of the demo, with its ids. */
export interface Cast {
  readonly mission: BoardMission;
  readonly repository: BoardRepository;
  readonly key: string;
  /** It takes back what the mission landed. */
  readonly isRevert: boolean;
}
export const idOf = (kind: string, key: string) => `${kind}-${key}`;

export function createOutside(home: DemoHome, { seed, cast }: { seed: number; cast: Map<string, Cast> }): DemoOutside {
  const castOf = ({ task_id }: { task_id: string }): Cast => {
    const found = cast.get(task_id.slice(2));
    if (found === undefined) throw new Error(`${task_id} is in no plan`);
    return found;
  };
  /** Runs that do not end, whose steps are in their files. */
  const told = new Set<string>();
  /** Changes that are landing and turn out wrong. A landed task leaves the state. */
  const wrong: TaskState[] = [];
  const one = (afterMs: number, ...bodies: Reply["bodies"]): Reply => ({ afterMs, by: "control", bodies });
  const commitOf = ({ task_id }: TaskState) => drawnDigest(40, "landed", task_id);

  function prepare(task: TaskState, chance: Chance): Reply | null {
    const { mission, repository, key, isRevert } = castOf(task);
    if (mission.end === "ready") return null;
    const run_id = idOf("r", `${key}${task.runs.length + 1}`);
    const base_commit = drawnDigest(40, "base", task.repository, task.task_id);
    const settings = { ...(startRun as { settings: object }).settings, verify: verifyOf[repository.language] };
    const policy = home.put("{}", "application/json");
    const prompt = home.put(`${mission.ask}\n`, "text/plain");
    const { profile } = repository;
    const started = { ...startRun, task_id: task.task_id, run_id, base_commit, settings, prompt, policy, profile };
    const before = drawnDigest(40, "before", task.repository, task.task_id);
    const patch = () => home.put(patchOf(mission, repository, { isRevert: true }), "text/x-patch");
    return one(
      20_000 + chance.below(40_000),
      () =>
        (isRevert
          ? { ...started, kind: "PrepareRevert", before, tree: treeOf(run_id), patch: patch() }
          : started) as never,
    );
  }

  function runCoder(task: TaskState, run_id: string, chance: Chance): Reply | null {
    const { mission, repository } = castOf(task);
    if (mission.end === "running") {
      if (!told.has(run_id))
        tellProgress(home, { run_id, path: mission.file ?? pathIn(mission.ask), startedAt: task.changed_at });
      told.add(run_id);
      return null;
    }
    const usage = usageOf(chance);
    const about = { ...captured, task_id: task.task_id, run_id, hold_id: idOf("h", run_id.slice(2)) };
    const journal = home.put(`journal of ${run_id}\n`, "text/plain");
    const result =
      mission.code !== undefined && mission.file === undefined
        ? sampleHeldReport(mission.code, { usage, journal, detail: mission.why ?? null })
        : {
            ...(captured as { result: object }).result,
            ...{ tree: treeOf(run_id), usage, journal },
            patch: home.put(patchOf(mission, repository), "text/x-patch"),
          };
    return one((4 + chance.below(18)) * minute, () => ({ ...about, result }) as never);
  }

  function seal(task: TaskState): Reply {
    const { mission, repository } = castOf(task);
    const isRed = mission.code === "HOLD-CHECKS-FAILED";
    const checks = {
      status: isRed ? "red" : "green",
      newly_failing: isRed ? [mission.why ?? ""] : [],
      vanished: [],
      fail_to_pass: [testName(mission, repository)],
      pass_to_pass: repository.green - (isRed ? 1 : 0),
      reasons: [],
    };
    const { specification, patch } = task;
    const entries = { specification, patch, checks: home.put(JSON.stringify(checks), "application/json") };
    const bundle = home.put(JSON.stringify({ schema: 1, parent: null, entries }), "application/json");
    const run_id = runOfChange(task)?.run_id ?? "";
    const { base_commit, tree, task_id } = task;
    const digests = {
      change_digest: drawnDigest(64, "change", run_id),
      content_digest: drawnDigest(64, "content", run_id),
    };
    const whole = { task_id, run_id, base_commit, tree, bundle, ...digests, checks_status: checks.status };
    return one(2000, () => ({ ...sealed(), ...whole, judgeable: !isRed, statement: statementOf(home, task) }) as never);
  }

  function judge(task: TaskState, { family, bundle_digest }: Extract<Work, { kind: "JudgeEvidence" }>, chance: Chance) {
    const { mission } = castOf(task);
    if (mission.end === "judging" && family === "gemini") return null;
    const fails =
      mission.code === "HOLD-VALIDATOR-FAIL" || (mission.code === "HOLD-VALIDATOR-DISAGREEMENT" && family === "gemini");
    const usage = { input_tokens: 6000 + chance.below(9000), output_tokens: 500 + chance.below(1500), requests: 2 };
    const verdict: Verdict = {
      ...verdictOf(family, fails ? "fail" : "pass"),
      ...{ model: models[family], bundle_digest, usage },
    };
    return one(10_000 + chance.below(50_000), () => ({ kind: "RecordVerdict", task_id: task.task_id, verdict }));
  }

  function land(task: TaskState): Reply {
    const { mission, isRevert } = castOf(task);
    if (mission.end === "reverted" && !isRevert) wrong.push(task);
    const { task_id, base_commit, tree } = task;
    const commit = commitOf(task);
    const message = home.put(`${mission.ask}\n`, "text/plain");
    const intent = { ...startLanding, task_id, base_commit, tree, commit, message } as never;
    const { planned_at } = task;
    const watch_until = new Date(Date.parse(planned_at) + watchMs).toISOString();
    const landed = { kind: "RecordLanded", task_id, commit, ref: "refs/heads/main", watch_until } as const;
    return one(
      4000,
      () => intent,
      () => landed,
    );
  }

  /** The person, who answers within hours, and takes back what turns out wrong. */
  function decisionOn(task: TaskState, chance: Chance): Reply | null {
    const { mission, isRevert } = castOf(task);
    const afterMs = (10 + chance.below(170)) * minute;
    const { task_id } = task;
    const digest = task.evidence?.change_digest ?? null;
    if (mission.end === "landed" || mission.end === "reverted" || isRevert)
      return { afterMs, by: "operator", bodies: [() => ({ kind: "ApproveLanding", task_id, digest })] };
    const reason = mission.why ?? null;
    if (mission.end !== "rejected") return null;
    return { afterMs, by: "operator", bodies: [() => ({ kind: "RejectTask", task_id, reason })] };
  }

  function takeBack(task: TaskState): Reply {
    const { mission, repository, key } = castOf(task);
    const title = `Revert "${mission.ask}"`.slice(0, 120);
    const revertKey = `${key.slice(0, -1)}z`;
    const mission_id = idOf("m", revertKey);
    const request = { mission_id, repository: mission.in, title, text: `${title}: ${mission.why}`, criteria: [] };
    const { specification, clarified_spec } = home.submission({ ...request, criteria: ["it is as it was before"] });
    const ids = { task_id: task.task_id, commit: commitOf(task), mission_id, revert_task_id: idOf("t", revertKey) };
    const criteria = [{ id: "c1", text: "it is as it was before" }];
    const texts = { subject: mission.ask, title, criteria, specification, clarified_spec };
    cast.set(revertKey, { mission, repository, key: revertKey, isRevert: true });
    const afterMs = (6 + chanceOf(seed, "take back", key).below(20)) * hour;
    return { afterMs, by: "operator", bodies: [() => ({ kind: "RevertTask", ...ids, ...texts })] };
  }

  return {
    answer(work, state) {
      const task = work.task_id === null ? undefined : state.tasks[work.task_id];
      const chance = chanceOf(seed, work.work_id);
      if (work.kind === "DraftMission") return draft(home, work, chance);
      if (task === undefined) return null;
      switch (work.kind) {
        case "PrepareRun":
          return prepare(task, chance);
        case "RunCoder":
          return runCoder(task, work.run_id, chance);
        case "RunChecks": {
          const { run_id, base_commit, task_id } = work;
          const about = { ...checked, task_id, run_id, base_commit };
          const result = { ...(checked as { result: object }).result, tree: task.tree };
          if (castOf(task).mission.end === "checking") return null;
          return one((1 + chance.below(4)) * minute, () => ({ ...about, result }) as never);
        }
        case "SealEvidence":
          return seal(task);
        case "JudgeEvidence":
          return judge(task, work, chance);
        case "DecideGate":
          return one(500, () => gateBody(task, castOf(task), statementOf(home, task)));
        case "LandChange":
          return land(task);
        default:
          return null;
      }
    },
    people(state) {
      const acts = new Map<string, Reply>();
      for (const task of Object.values(state.tasks)) {
        const chance = chanceOf(seed, "person", task.task_id);
        const decided = isAsked(task) ? decisionOn(task, chance) : null;
        if (decided !== null) acts.set(`decide/${task.task_id}`, decided);
      }
      for (const task of wrong.splice(0)) acts.set(`take back/${task.task_id}`, takeBack(task));
      return acts;
    },
  };
}

const verifyOf = { typescript: ["npm test"], python: ["pytest"], go: ["go test ./..."] };
const treeOf = (run_id: string) => drawnDigest(40, "tree", run_id);
const statementOf = (home: DemoHome, { task_id }: TaskState) =>
  home.put(JSON.stringify({ demo: true, task_id }), "application/json");

function usageOf(chance: Chance): Usage {
  const classes = {
    input_tokens: 8000 + chance.below(60_000),
    output_tokens: 3000 + chance.below(22_000),
    cache_read_tokens: 300_000 + chance.below(2_500_000),
    cache_write_tokens: 40_000 + chance.below(160_000),
  };
  const requests = 12 + chance.below(60);
  const model = {
    model: models.coder,
    billing: "api",
    requests,
    unfinished_requests: 0,
    unfinished_tokens: 0,
  } as const;
  return { ...classes, requests, models: [{ ...model, ...classes, cache_write_hour_tokens: 0 }] };
}

function draft(home: DemoHome, { mission_id, run_id }: Extract<Work, { kind: "DraftMission" }>, chance: Chance): Reply {
  const proposal = {
    title: "Rank pages whose title has the word above pages whose text has it",
    place: "rank() in src/search-index.ts",
    criteria: ["rank('install') lists the page Installation first"],
    test: "test/search-index.test.ts: rank() with two pages",
    size: "small",
    questions: ["Should headings count as titles?"],
  } as const;
  const ended = { run_id, base_commit: drawnDigest(40, "base", mission_id), prompt: null, usage: usageOf(chance) };
  const journal = home.put(`journal of ${run_id}\n`, "text/plain");
  const result = {
    outcome: "drafted",
    draft: { ...proposal, criteria: [...proposal.criteria], questions: [...proposal.questions] },
  };
  const body = { kind: "EndDraft", mission_id, ...ended, journal, result } as never;
  return { afterMs: 3 * minute, by: "control", bodies: [() => body] };
}

/** The steps of a coder that is in the middle of its work. */
function tellProgress(
  home: DemoHome,
  { run_id, path, startedAt }: { run_id: string; path: string; startedAt: string },
): void {
  const actions = [
    `reads ${path}`,
    `ok: reads ${path}`,
    "says: The behaviour is clear; a test comes first.",
    "runs npm test",
    "ok: runs npm test",
    `edits ${path}`,
  ];
  for (const [place, text] of actions.entries()) {
    const at = (offset: number) => new Date(Date.parse(startedAt) + (place * 20 + offset) * 1000).toISOString();
    home.progress(run_id, { kind: "step", text }, at(5));
    const tokens = { input: 18_000 + 2400 * place, output: 350 + 40 * place };
    home.progress(run_id, { kind: "exchange", number: place + 1, status: 200, tokens }, at(6));
  }
}

/** The file that a request names. */
function pathIn(ask: string): string {
  return /[\w-]+(?:\/[\w.-]+)+/u.exec(ask)?.[0] ?? "the code";
}
