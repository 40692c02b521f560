/** What sealed evidence tells the next run, over a real blob store: facts of the checks, criteria by their ids, and nothing that a judge wrote. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  boundedCoverage,
  boundedProvenness,
  type Cell,
  type CommandResult,
  canonicalJson,
  type IndependentTests,
  keepAnswers,
  noneLeftOut,
  type Provenness,
  type SecondImplementation,
  type Specification,
  specificationSchema,
  type TestMatrix,
  withCoverage,
} from "@aedev/contracts";
import { initialState, type TaskState } from "@aedev/core";
import { ids, stateAfter, verdictOf } from "@aedev/core/testing";
import type { BlobStore } from "@aedev/host/blob-store";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { blobStore } from "../../src/home/blobs.ts";
import { composePrompt } from "../../src/prompt/compose-prompt.ts";
import { readPreviousRun } from "../../src/work/read-previous-run.ts";

let folder: string;
let blobs: BlobStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aedev-previous-"));
  blobs = blobStore(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const specification: Specification = specificationSchema.parse({
  schema: 1,
  mission_id: ids.mission,
  repository: "repo",
  title: "Close the hole",
  text: "Close it.",
  criteria: [
    { id: "c1", text: "a new test shows it closed" },
    { id: "c2", text: "all existing tests pass" },
  ],
});
const ran = (change: Partial<CommandResult> = {}): CommandResult => ({
  command: "npm test",
  exit_code: 0,
  timed_out: false,
  duration_ms: 1,
  runs: 1,
  exit_codes: [],
  output_tail: "all well\n",
  omitted_bytes: 0,
  format: "tap",
  tests: [{ id: "adds", result: "pass" }],
  sentinel: "failed-as-it-must",
  incomplete: null,
  ...change,
});
const red = (tail: string, names: string[]) =>
  ran({ exit_code: 1, output_tail: tail, tests: names.map((id) => ({ id, result: "fail" })) });
const cell = (...commands: CommandResult[]): Cell => ({ ran: true, why_not: null, commands, cached: null });

interface Evidence {
  readonly status?: "green" | "red";
  readonly newTests?: Cell;
  readonly oldTests?: Cell;
  readonly secret?: boolean;
  readonly assertionsAfter?: number;
  readonly provenness?: Provenness;
  readonly independent?: {
    readonly failed: IndependentTests;
    readonly sources: string;
    readonly code?: SecondImplementation;
  };
}

/** A task whose next run is pending, with its last run's evidence in the store. */
function taskWith(evidence: Evidence, change: Partial<TaskState> = {}): TaskState {
  const { status = "green", newTests = cell(ran()), oldTests = cell(ran()) } = evidence;
  const put = (value: unknown) => blobs.put(canonicalJson(value), "application/json");
  const matrix: TestMatrix = {
    has_checks: true,
    own_control: null,
    cells: {
      "old-tests-old-code": cell(ran()),
      "old-tests-new-code": oldTests,
      "new-tests-old-code": cell(ran()),
      "new-tests-new-code": newTests,
    },
  };
  const test = { path: "test/add.js", status: "modified", assertions_before: 2 };
  const entries = {
    patch: blobs.put("diff --git a/lib/add.js b/lib/add.js\n+former\n", "text/x-patch"),
    "test-matrix": put(matrix),
    checks: put({
      status,
      newly_failing: status === "red" ? ["adds"] : [],
      vanished: [],
      fail_to_pass: [],
      pass_to_pass: 0,
      reasons: status === "red" ? ["newly failing: adds", "the exit code changed from 0 to 1"] : [],
    }),
    "test-changes": put({ files: [{ ...test, assertions_after: evidence.assertionsAfter ?? 2 }] }),
    "path-report": put({ files: [], renames: [], forbidden: [], unsafe: [], never_by_itself: [] }),
    "secret-report": put({
      scanner: "test",
      findings: evidence.secret === true ? [{ path: "lib/add.js", line: 1, rule: "key" }] : [],
    }),
  };
  if (evidence.provenness !== undefined) Object.assign(entries, { provenness: put(evidence.provenness) });
  if (evidence.independent !== undefined) {
    const { failed, sources, code } = evidence.independent;
    Object.assign(entries, {
      ...(code === undefined ? {} : { "second-implementation": put(code) }),
      "independent-tests": put(failed),
      "independent-sources": blobs.put(sources, "text/plain"),
    });
  }
  const bundle = put({ schema: 1, parent: null, entries });
  const task = stateAfter("gemini", initialState).tasks[ids.task];
  if (task?.evidence == null) throw new Error("the story has evidence");
  return { ...task, status: "planned", evidence: { ...task.evidence, bundle }, next_cause: "checks", ...change };
}
const read = (task: TaskState) => readPreviousRun({ blobs }, task, specification);
const judged = (answer: unknown, verdict: "pass" | "fail" = "fail") => {
  const plain = typeof answer === "string" ? answer : JSON.stringify(answer);
  const isKept = typeof answer === "object" && answer !== null && "blanked" in answer;
  const text = isKept ? plain : (keepAnswers({ plain, blanked: null }, 1_000_000) ?? "");
  return { ...verdictOf("openai", verdict), answer: blobs.put(text, "text/plain") };
};
const answerOf = (criteria: unknown[], change: Record<string, unknown> = {}) => ({
  nonce: "0",
  bundle_digest: "0",
  verdict: "fail",
  criteria,
  defects: [],
  confidence: 0.5,
  ...change,
});
const criterion = (id: string, result: string) => ({ id, result, citations: [] });

describe("the previous run", () => {
  it("nothing is read for a first run, a plain retry or a run without evidence", () => {
    expect(read(taskWith({ status: "red" }, { next_cause: null }))).toBeNull();
    expect(read(taskWith({ status: "red" }, { evidence: null }))).toBeNull();
    expect(read(taskWith({ status: "red" }))).not.toBeNull();
  });

  it("failed checks are described by names, findings and output, with the patch", () => {
    const previous = read(taskWith({ status: "red", newTests: cell(red("12 !== 8\n", ["adds"])) }));
    expect(previous?.failures).toMatchObject({
      failing: ["adds"],
      reasons: ["new-tests-new-code: npm test: the exit code changed from 0 to 1"],
      lostAssertions: [],
      outputs: [{ command: "npm test", ending: "exit code 1", tail: "12 !== 8\n" }],
    });
    expect(Buffer.from(previous?.patch ?? "").toString()).toContain("+former");
    expect(previous?.unmet).toBeNull();
    expect(read(taskWith({}))?.failures).toBeNull();
  });

  it("the base's tests are shown beside the change's own if they fail in another way, and not twice otherwise", () => {
    const outputs = (oldTests: Cell) =>
      read(taskWith({ status: "red", newTests: cell(red("new\n", ["adds"])), oldTests }))?.failures?.outputs.map(
        ({ tail }) => tail,
      );
    expect(outputs(cell(red("old\n", ["adds"])))).toEqual(["new\n"]);
    expect(outputs(cell(red("old\n", ["adds", "doubles"])))).toEqual(["new\n", "old\n"]);
    expect(outputs(cell(ran()))).toEqual(["new\n"]);
  });

  it("lost assertions are reported even if all tests pass", () => {
    expect(read(taskWith({ assertionsAfter: 1 }))?.failures).toMatchObject({
      lostAssertions: [{ path: "test/add.js", before: 2, after: 1 }],
      outputs: [],
    });
  });

  it("failing tests of another run are named while others could follow, and never after a secret was found", () => {
    const rounds = (count: number) => ({ independent: { written: null, rounds: count, run_id: ids.run } });
    const failed = { files: ["test/other.js"], passed: 2, failed: ["other > closes"], uncounted: 0 };
    const independent = { failed, sources: "const fee = 3;" };
    const told = { failed: failed.failed, differing: [], sources: independent.sources };
    expect(read(taskWith({ independent }, rounds(1)))?.independent).toEqual(told);
    for (const cause of ["tests", "base-moved", "verdict"] as const) {
      expect(read(taskWith({ independent }, { ...rounds(1), next_cause: cause }))?.independent).toEqual(told);
      expect(read(taskWith({ independent }, { ...rounds(2), next_cause: cause }))?.independent).toBeNull();
    }
    // The tests were written from a specification that is no longer the task's.
    expect(read(taskWith({ independent }))?.independent).toBeNull();
    expect(read(taskWith({ independent, secret: true }, rounds(1)))?.independent).toBeNull();
    const passed = { ...independent, failed: { ...failed, failed: [] } };
    expect(read(taskWith({ independent: passed }, rounds(1)))?.independent).toBeNull();
    const one = { path: "a.js", name: "fee", input: "(14)", change: "52", other: "42", base: "42" };
    const differing = { ...one, changed_by: "change" as const };
    const code = {
      compared: 2,
      agreed: 1,
      cases: [differing],
      more: 0,
      tests_passed: 0,
      tests_failed: ["own"],
      left_out: noneLeftOut,
    };
    expect(read(taskWith({ independent: { ...passed, code } }, rounds(1)))?.independent?.differing).toEqual([
      "fee in a.js: gives 52 here, and 42 in the other version, for (14)",
      "your test fails with the other code: own",
    ]);
    const alike = { ...code, cases: [], tests_failed: [] };
    expect(read(taskWith({ independent: { ...passed, code: alike } }, rounds(1)))?.independent).toBeNull();
  });

  it("neither patch nor output is passed on from a change with a secret", () => {
    expect(read(taskWith({ status: "red", secret: true }))).toMatchObject({ failures: null, patch: null });
  });

  it("every reason about tests and every untested way is listed only for a run that adds tests", () => {
    const ways = [1, 2, 3, 4, 5].map((line) => ({ path: "lib/add.js", line, kind: "true", is_minor: false }) as const);
    const coverage = boundedCoverage({ changed_lines: 9, covered_lines: 4, ways, unmeasured: [] });
    const provenness = withCoverage(boundedProvenness({ proven: 1, unproven: [], stayedGreen: [] }), coverage);
    const reasons = [
      { kind: "chance-of-harm", chance: 520, bound: 100, profile: "balanced" },
      { kind: "test-support", path: "support/rows.txt" },
    ] as const;
    const shares = [{ factor: "code_without_test", points: 1600, why: "lib/add.js", missing: false }];
    const fallback = (evidence: TaskState["evidence"]) => ({ evidence, gate: { reasons, shares } }) as never;
    const asked = (change: Partial<Evidence> = {}) => {
      const task = taskWith({ provenness, ...change }, { next_cause: "tests" });
      return { ...task, fallback: fallback(task.evidence) };
    };
    const missing = [
      "the change adds no test",
      ...[1, 2, 3, 4, 5].map((line) => `no test runs lib/add.js:${line} (never true)`),
      "changed a file that only the tests use: support/rows.txt",
    ];
    expect(read(asked())?.missingTests).toEqual(missing);
    // Later runs know the purpose too.
    expect(read({ ...asked(), next_cause: "checks" })?.missingTests).toEqual(missing);
    expect(read(taskWith({ provenness }))?.missingTests).toBeNull();
    expect(read(asked({ secret: true }))?.patch).toBeNull();
  });

  it("the specification's criteria that a failed verdict marks are given in their own words and order", () => {
    const answer = answerOf([criterion("c2", "unclear"), criterion("c1", "not_met"), criterion("c9", "not_met")]);
    const verdicts = [judged(answer), judged(answerOf([criterion("c1", "not_met")]), "pass")];
    expect(read(taskWith({}, { verdicts, next_cause: "verdict" }))?.unmet).toEqual(specification.criteria);
    const one = [judged(answerOf([criterion("c1", "met"), criterion("c2", "not_met")]))];
    expect(read(taskWith({}, { verdicts: one }))?.unmet?.map(({ id }) => id)).toEqual(["c2"]);
    // A vendor that sends all keys sends null for a missing value.
    const withNulls = answerOf([
      { ...criterion("c1", "not_met"), citations: [{ evidence: "patch", file: null, line: null }] },
    ]);
    expect(read(taskWith({}, { verdicts: [judged(withNulls)] }))?.unmet?.map(({ id }) => id)).toEqual(["c1"]);
    // Of a judge's two views, a criterion marked by either counts.
    const views = {
      plain: JSON.stringify(answerOf([criterion("c1", "met"), criterion("c2", "not_met")])),
      blanked: JSON.stringify(answerOf([criterion("c1", "unclear"), criterion("c2", "met")])),
    };
    expect(read(taskWith({}, { verdicts: [judged(views)] }))?.unmet?.map(({ id }) => id)).toEqual(["c1", "c2"]);
    expect(read(taskWith({}, { verdicts: [judged("no JSON")] }))?.unmet).toEqual([]);
    expect(read(taskWith({}, { verdicts: [verdictOf("openai", "fail")] }))?.unmet).toBeNull();
  });

  it("no text of a judge gets through, whatever the answer contains", () => {
    const word = fc.string({ maxLength: 20 }).map((text) => `JUDGE${text}`);
    const answers = fc.oneof(
      word,
      fc.record({
        nonce: word,
        bundle_digest: word,
        verdict: fc.constantFrom("fail", "pass"),
        criteria: fc.array(
          fc.record({
            id: fc.oneof(fc.constantFrom("c1", "c2"), word),
            result: fc.constantFrom("met", "not_met", "unclear"),
            citations: fc.array(fc.record({ evidence: word })),
          }),
        ),
        defects: fc.array(fc.record({ severity: word, file: word, line: fc.nat(), text: word })),
        confidence: fc.constant(0.5),
      }),
    );
    let named = 0;
    fc.assert(
      fc.property(answers, (answer) => {
        const previous = read(taskWith({}, { verdicts: [judged(answer)], next_cause: "verdict" }));
        named += previous?.unmet?.length ?? 0;
        const prompt = composePrompt({ specification, instructions: new Map(), answers: [], previous });
        expect(prompt).toContain("The previous run");
        expect(prompt).not.toContain("JUDGE");
      }),
      { numRuns: 60 },
    );
    expect(named).toBeGreaterThan(0);
  });

  it("the reason why a moved base did not take the change is told, and only then", () => {
    const [run] = taskWith({}).runs;
    if (run === undefined) throw new Error("the story has a run");
    const runs = [{ ...run, outcome: { answer: "hold", code: "HOLD-BASE-MOVED", detail: "moved" } as const }];
    expect(read(taskWith({}, { runs, next_cause: "base-moved" }))?.conflict).toBe("moved");
    expect(read(taskWith({}, { runs, next_cause: "words" }))?.conflict).toBeNull();
  });
});
