/** Seals evidence and decides the gate in the simulation with core's own gate; the truth about the change replaces evidence. */
import { boundedCoverage, withCoverage } from "@aedev/contracts";
import { type CommandBody, gate, independentOutcome, requestedJudges, runOfChange, type TaskState } from "@aedev/core";
import { gated, sealed } from "@aedev/core/testing";
import { greenChecks, honestFix, provenTests, samplePolicy } from "../../packages/core/test/gate/sample-policy.ts";
import { newId } from "../../packages/daemon/src/control/control.ts";
import { drawnDigest } from "../../packages/demo/src/board/chance.ts";
import { blob, type World } from "./world.ts";

/** One way through the change that no test takes. */
const untaken = withCoverage(
  provenTests(12),
  boundedCoverage({
    changed_lines: 8,
    covered_lines: 7,
    ways: [{ path: "index.js", line: 3, kind: "true", is_minor: false }],
    unmeasured: [],
  }),
);

const failedTests = { files: ["test/other.js"], passed: 2, failed: ["other > closes"], uncounted: 0 };

/** Seals as the finished checks say. A change moved to another base is sealed again. */
export function sealEvidence(task: TaskState, world: World): CommandBody {
  const { task_id, base_commit, tree, evidence, independent } = task;
  const run = runOfChange(task)?.run_id ?? "";
  const truth = world.truthOf(task_id, run);
  const isMoved = evidence !== null && evidence.run_id === run;
  return {
    ...sealed(),
    task_id,
    run_id: run,
    base_commit: base_commit ?? "",
    tree: tree ?? "",
    bundle: blob("bundle", task_id, run, base_commit ?? "", independent?.written?.patch.digest ?? ""),
    change_digest: drawnDigest(64, "change", task_id, run, task.specification.digest),
    content_digest: drawnDigest(64, "content", task_id, run),
    parent: isMoved ? evidence.bundle.digest : null,
    checks_status: truth.checks,
    judgeable: truth.isWhole && truth.checks === "green",
    inherits: isMoved && evidence.judgeable && world.chance("inherits", run, base_commit ?? "").happens(0.8),
  } as CommandBody;
}

/** `asksOneJudge`: a planted bug that tells the gate of one judge only. */
export function decideGate(
  task: TaskState,
  { world, asksOneJudge }: { world: World; asksOneJudge: boolean | undefined },
): CommandBody {
  const { task_id, evidence, policy, verdicts, independent } = task;
  const truth = world.truthOf(task_id, runOfChange(task)?.run_id ?? "");
  const isRed = truth.checks === "red";
  const { answer, hold_code, hold_detail, reasons, risk, other_run, missing_tests } = gate(
    honestFix({
      checks: isRed ? { ...greenChecks, status: "red", newly_failing: ["test/a.js > adds"] } : greenChecks,
      missingEvidence: truth.isWhole ? [] : ["environment"],
      verdicts,
      requestedJudges: requestedJudges(evidence),
      profile: truth.needsPerson ? "safe" : "balanced",
      riskAcknowledged: task.risk_acknowledged,
      ...(truth.lacksTests ? { provenness: untaken } : {}),
      ...(independent?.written != null && truth.failsTests ? { independentTests: failedTests } : {}),
      independentOutcome: independentOutcome(task),
      policy: {
        ...samplePolicy,
        second_implementation: truth.wantsTests ? "always" : "never",
        ...(asksOneJudge === true ? { judges: { ...samplePolicy.judges, families_required: 1 } } : {}),
      },
      ...(asksOneJudge === true ? { verdicts: verdicts.filter(({ verdict }) => verdict === "pass") } : {}),
    }),
  );
  const decided = {
    answer,
    hold_code,
    hold_detail,
    reasons: [...reasons],
    risk_score: risk.score,
    level: risk.level,
    policy_digest: policy?.digest ?? "",
    profile: truth.needsPerson ? "safe" : "balanced",
    bundle_digest: evidence?.bundle.digest ?? "",
    change_digest: evidence?.change_digest ?? "",
  } as const;
  const body = gated(answer, decided as never) as Extract<CommandBody, { kind: "DecideGate" }>;
  const repair = { max_runs: 2, task_tokens: 1_000_000 };
  return { ...body, task_id, missing_tests, independent_tests: other_run, hold_id: newId("h"), repair };
}
