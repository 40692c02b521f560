/** Tries policies: on the decisions in the log, on a table of signals, and on the cases in the home's `policies.test.yaml`. It changes nothing. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Fault, nullOn } from "@aedev/contracts";
import type { GateDecision, Profile } from "@aedev/contracts/events";
import {
  type ChangedShare,
  compareAnswers,
  type DifferentAnswer,
  mergeBound,
  overlayDocuments,
  type Policy,
  policyCasesSchema,
  problemsOf,
  type Simulated,
  simulateDecision,
  storedPolicySchema,
  type TriedCase,
  tryCases,
} from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import { productRoot } from "@aedev/host/product";
import { leavesOf } from "../configuration/describe-configuration.ts";
import { loadPolicy } from "../configuration/load-policy.ts";
import { invalidDocument, readYamlFile } from "../configuration/yaml-document.ts";
import { blobStore } from "../home/blobs.ts";
import type { StoredEvent } from "../log/sqlite/stored-event.ts";
import { type LogReader, openLogReader } from "./log-reader.ts";

/** The last decision on a change, which would now be another one. */
export interface DifferentDecision {
  readonly task_id: string;
  readonly recorded_at: string;
  readonly profile: Profile;
  readonly was: GateDecision;
  readonly now: GateDecision;
  /** Thousandths of log-odds; `score` null: a hard gate decides. */
  readonly was_score: number | null;
  readonly score: number | null;
  /** In thousandths: below it the profile merges under the tried policy. */
  readonly bound: number;
  readonly changed: readonly ChangedShare[];
  /** It merges only after another run has written its tests. */
  readonly needs_tests: boolean;
}
type Answers = Readonly<Record<GateDecision, number>>;
type WhyNot = Extract<Simulated, { kind: "not-simulated" }>["why"] | "policy-missing";
/** What a tried policy answers about the recorded decisions. */
export interface PolicySimulation {
  /** ISO 8601 UTC; null: the whole log. */
  readonly since: string | null;
  /** The simulated decisions, and their answers as recorded and under the tried policy. */
  readonly decisions: number;
  readonly was: Answers;
  readonly now: Answers;
  readonly different: readonly DifferentDecision[];
  readonly not_simulated: Readonly<Record<WhyNot, number>>;
  /** Keys that differ from the home's policy and decide about findings, which stay as they were recorded. */
  readonly not_tried: readonly string[];
}

/** `file`: the overlay to try instead of the home's. Throws a Fault `no-home` without a log, or `config-invalid`. */
export function simulatePolicy(options: { home: string; file?: string; since?: string }): PolicySimulation {
  const { home, file, since } = options;
  using reader = openLogReader(homeLayout(home).log);
  const rows = lastDecisions(readDecisions(reader)).filter(
    ({ event }) => since === undefined || event.recorded_at >= since,
  );
  const simulated = simulateAll(rows, { other: policyOf(home, file).policy, policyAt: storedPolicies(home) });
  const not_tried = differentKeys(policyOf(home), policyOf(home, file)).flatMap(({ key }) =>
    isTried(key) ? [] : [key],
  );
  return { since: since ?? null, ...simulated, not_tried };
}

/** What a policy answers about recorded decisions. */
export function simulateAll(
  rows: readonly LastDecision[],
  { other, policyAt }: { other: Policy; policyAt: (digest: string) => Policy | null },
): Omit<PolicySimulation, "since" | "not_tried"> {
  const count = { was: noAnswers(), now: noAnswers() };
  const not = { points: 0, counts: 0, "small-counts": 0, "other-findings": 0, "policy-missing": 0 };
  const different = rows.flatMap((row): DifferentDecision[] => {
    const { event, hasTests } = row;
    const decision = event.data;
    const recorded = recordedPolicy(row, { other, policyAt });
    const simulated: { kind: "not-simulated"; why: WhyNot } | Simulated =
      recorded === null
        ? { kind: "not-simulated", why: "policy-missing" }
        : simulateDecision({ ...row, decision, recorded, other });
    if (simulated.kind === "not-simulated") {
      not[simulated.why] += 1;
      return [];
    }
    const { was, now, score, changed } = simulated;
    count.was[was] += 1;
    count.now[now] += 1;
    if (was === now) return [];
    return [
      {
        task_id: event.stream.replace(/^task\//, ""),
        ...{ recorded_at: event.recorded_at, profile: decision.profile, was, now, score, changed },
        was_score: decision.risk_score,
        bound: mergeBound(other, decision.profile),
        needs_tests: now === "merge" && !hasTests && recorded?.second_implementation === "always",
      },
    ];
  });
  const decisions = count.was.merge + count.was.ask + count.was.hold;
  return { decisions, ...count, different, not_simulated: not };
}

/** The policy that made the decision; null if the home no longer has it. Points need none. */
export function recordedPolicy(
  { event: { data } }: LastDecision,
  { other, policyAt }: { other: Policy; policyAt: (digest: string) => Policy | null },
): Policy | null {
  return data.score_kind === "points" ? other : policyAt(data.policy_digest);
}

/** A recorded decision, and what the log says of it beside. */
export interface LastDecision {
  readonly event: Extract<StoredEvent, { type: "GateDecided" }>;
  readonly repository: string;
  readonly acknowledged: boolean;
  /** Another run had written its tests, or had failed to, when this was decided. */
  readonly hasTests: boolean;
}

/** The events that `lastDecisions` reads, with those of `more` types. */
export function readDecisions(reader: LogReader, more: readonly StoredEvent["type"][] = []): StoredEvent[] {
  return reader.eventsOfTypes(["TaskPlanned", "GateDecided", "IndependentTestsEnded", ...more]);
}

/** The last decision on each change of each task, in the order of the log. */
export function lastDecisions(events: readonly StoredEvent[]): LastDecision[] {
  const last = new Map<string, LastDecision>();
  const repositories = new Map<string, string>();
  const [held, tested] = [new Set<string>(), new Set<string>()];
  for (const event of events) {
    const { stream } = event;
    if (event.type === "TaskPlanned") repositories.set(stream, event.data.repository);
    if (event.type === "IndependentTestsEnded") tested.add(stream);
    if (event.type !== "GateDecided") continue;
    const isHeld = event.data.hold_code === "HOLD-RISK-HIGH";
    const key = `${stream} ${event.data.change_digest}`;
    last.delete(key);
    const acknowledged = held.has(stream) && !isHeld;
    const repository = repositories.get(stream) ?? "";
    last.set(key, { event, repository, acknowledged, hasTests: tested.has(stream) });
    if (isHeld) held.add(stream);
  }
  return [...last.values()];
}

function noAnswers(): Record<GateDecision, number> {
  return { merge: 0, ask: 0, hold: 0 };
}

/** Reads the policy of a digest once; null if the home no longer has it. */
export function storedPolicies(home: string): (digest: string) => Policy | null {
  const known = new Map<string, Policy | null>();
  const blobs = blobStore(home);
  const read = (digest: string) => {
    try {
      return storedPolicySchema.parse(JSON.parse(Buffer.from(blobs.get(digest)).toString("utf8")));
    } catch (error) {
      return nullOn("blob-missing", "blob-corrupt")(error);
    }
  };
  return (digest) => {
    const policy = known.get(digest) ?? read(digest);
    known.set(digest, policy);
    return policy;
  };
}

/** Keys whose effect on a recorded decision can be computed. */
function isTried(key: string): boolean {
  const tried = ["risk.bounds.", "risk.start", "risk.for.", "risk.against.", "profiles.merges"];
  const without = ["risk.source", "profiles.default", "clarification.", "approvals.", "repair.", "hold."];
  return [...tried, ...without].some((start) => key.startsWith(start));
}

/** A key whose value differs, as written in the files. */
export interface DifferentKey {
  readonly key: string;
  readonly values: readonly [unknown, unknown];
}
/** What differs between two policies. */
export interface PolicyComparison {
  readonly keys: readonly DifferentKey[];
  readonly answers: readonly DifferentAnswer[];
}

/** `first`, `second`: files of policies, or `shipped`. Throws a Fault `config-invalid`. */
export function comparePolicies(options: { home: string; first: string; second: string }): PolicyComparison {
  const [first, second] = [policyOf(options.home, options.first), policyOf(options.home, options.second)];
  return { keys: differentKeys(first, second), answers: compareAnswers(first.policy, second.policy) };
}

/** A policy with what is written in its files. */
export interface WrittenPolicy {
  readonly policy: Policy;
  /** Every value as written, by its key. */
  readonly written: ReadonlyMap<string, unknown>;
}

/** `file` absent: the home's; `shipped`: without an overlay. */
export function policyOf(home: string, file?: string): WrittenPolicy {
  if (file !== undefined && file !== "shipped" && !existsSync(file))
    throw new Fault("config-invalid", `${file}: there is no such file`, { hint: "aedev policy --help" });
  const operatorFile = file ?? homeLayout(home).policies;
  const isShipped = file === "shipped";
  const { policy } = loadPolicy({ home, ...(isShipped ? { operatorText: "" } : { operatorFile }) });
  const shipped = readYamlFile(join(productRoot, "config", "policies.yaml"));
  const overlaid = isShipped ? shipped : overlayDocuments(shipped, readYamlFile(operatorFile) ?? {});
  // An overlay extends one of these lists, and replaces the others.
  return { policy, written: leavesOf(overlayDocuments(overlaid, { paths: policy.paths })) };
}

function differentKeys(first: WrittenPolicy, second: WrittenPolicy): DifferentKey[] {
  const keys = new Set([...first.written.keys(), ...second.written.keys()]);
  return [...keys].flatMap((key): DifferentKey[] => {
    const values = [first.written.get(key), second.written.get(key)] as const;
    return JSON.stringify(values[0]) === JSON.stringify(values[1]) ? [] : [{ key, values }];
  });
}

/** Cases of a file with the answers to them. */
export interface PolicyTest {
  readonly file: string;
  readonly cases: readonly TriedCase[];
}

/** `file`: the cases, instead of those beside the home's policy; `policy`: the overlay to test instead of it. Throws a Fault `config-invalid`. */
export function testPolicy(options: { home: string; file?: string; policy?: string }): PolicyTest {
  const { home, file = homeLayout(home).policyCases, policy } = options;
  if (!existsSync(file))
    throw new Fault("config-invalid", `${file}: there is no such file`, {
      hint: "write one first (docs/RISK.md has a sample); aedev policy test --help",
    });
  const parsed = policyCasesSchema.safeParse(readYamlFile(file));
  if (!parsed.success) throw invalidDocument(file, problemsOf(parsed.error));
  return { file, cases: tryCases(parsed.data, policyOf(home, policy).policy) };
}
