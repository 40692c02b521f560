/** Control's half of the evidence (SECURITY T12): derives everything from patch and base and seals it in one bundle. Of the planes it trusts only matrix cells. */

import {
  type BundleManifest,
  type Checks,
  canonicalJson,
  caseText,
  changeDigest,
  checksSchema,
  type EvidenceName,
  Fault,
  families,
  type History,
  type IndependentTests,
  independentTestsSchema,
  type RevertReport,
  type SecondImplementation,
  secondImplementationSchema,
  type TestMatrix,
  testMatrixSchema,
  type VerdictNonces,
  watchedPathsSchema,
} from "@aedev/contracts";
import {
  type CommandBody,
  harmfulFiles,
  holdsBeforeJudges,
  precedentVeto,
  runOfChange,
  saySame,
  specificationText,
  summarizeChecks,
  type TaskState,
  testKinds,
} from "@aedev/core";
import { patchDigest } from "@aedev/host/patch/patch-digest";
import { sha256 } from "@aedev/host/sha256";
import { configuredFamilies } from "../configuration/configured-families.ts";
import { newNonce, requiredTask } from "../control/control.ts";
import type { Blobs, Configured, Home, Mirrors, Records } from "../control/parts.ts";
import { bundleOf, type OpenBundle, openBundle, readPolicy, readSpecification } from "../control/read-blobs.ts";
import { showToJudges } from "../control/show-to-judges.ts";
import { signEvidence } from "../evidence/sign-statement.ts";
import { deriveFindings, type Findings } from "../findings/derive-findings.ts";
import { isInertByKinds } from "../findings/kinds/change-kinds.ts";
import { deriveTouchedPaths } from "../findings/paths/touched-paths.ts";
import { type DerivedChange, deriveChange } from "../git/change.ts";
import { linesNaming } from "../git/find-namers.ts";
import { readBlobs } from "../git/mirror.ts";
import { historyOf } from "../prior/history-of-change.ts";
import { readFoundEvidence } from "./found-evidence.ts";
import { revertReport } from "./inverse-change.ts";
import { withoutOthersSecrets } from "./others-secrets.ts";

/** Returns `SealEvidence`. Throws a Fault HOLD-PATCH-UNSAFE or HOLD-EVIDENCE-INCOMPLETE if the report disagrees with what control finds. */
export async function sealEvidence(
  taskId: string,
  control: Home & Blobs & Mirrors & Records & Configured<"models" | "addresses" | "prepare">,
): Promise<CommandBody> {
  const task = requiredTask(control.log.stateWith({ tasks: [taskId] }), taskId);
  const { base_commit: baseCommit, patch, manifest, tree, settings } = task;
  const run = runOfChange(task);
  if (baseCommit === null || patch === null || manifest === null || tree === null || settings === null || !run)
    throw new Error(`task ${taskId} has pending evidence without a checked change`);
  refuseForeignEntries(task, manifest, control);
  const patchBytes = control.blobs.get(patch.digest);
  const mirror = control.mirror(task.repository);
  const change = await deriveChange({ ...mirror, baseCommit, patch: patchBytes });
  if (change.tree !== tree)
    throw new Fault("HOLD-PATCH-UNSAFE", "the patch does not produce the tree that was checked", {
      detail: "tree differs",
    });
  const findings = await findingsOf(task, { change, patchBytes, baseCommit }, control);
  const { entry } = bundleOf(control, manifest);
  const matrix = entry("test-matrix", testMatrixSchema);
  refuseOtherTests(matrix, findings);
  const { renames } = findings.changeKinds;
  const kind = { ofRevert: task.reverts !== undefined, ...testKinds(findings.testChanges), newNames: renames };
  const checks = matrix === null ? null : summarizeChecks(matrix, kind);
  const reverted = await revertReport(task, change, control);
  const history = await historyFound(task, { change, findings, entry }, control);
  const derived = { findings, checks, reverted, history };
  const entries = addEntries(await withoutOthersSecrets(manifest, control), derived, control);
  const bundle = control.blobs.put(canonicalJson({ ...manifest, entries }), "application/json");
  // A change that is already held is not shown to judges, which would cost tokens.
  const judgeable =
    holdsBeforeJudges(readFoundEvidence(openBundle(control, bundle.digest), task, control)).length === 0;
  if (judgeable) showToJudges(control, bundle, { entries });
  const sealed = {
    run_id: run.run_id as never,
    base_commit: baseCommit,
    tree,
    bundle,
    change_digest: changeDigest(
      { specification: task.specification.digest, patch: patch.digest, policy: task.policy?.digest ?? "" },
      sha256,
    ),
    content_digest: change.contentDigest,
    patch_digest: patchDigest(patchBytes),
    checks_status: checks?.status ?? ("incomplete" as const),
    judgeable,
    inherits: judgeable && inheritsDecision(task, { entries, checks }, control),
  };
  return {
    kind: "SealEvidence",
    task_id: taskId,
    ...sealed,
    parent: manifest.parent,
    verdict_nonces: nonces(sealed, control),
    statement: signEvidence(task, { ...sealed, manifest: { ...manifest, entries } }, control),
  };
}

async function findingsOf(
  task: TaskState,
  { change, patchBytes, baseCommit }: { change: DerivedChange; patchBytes: Uint8Array; baseCommit: string },
  control: Blobs & Mirrors & Configured<"prepare">,
): Promise<Findings> {
  const { settings } = task;
  const notes = runOfChange(task)?.capture_notes;
  const mirror = control.mirror(task.repository);
  return deriveFindings({
    ...{ change, patch: patchBytes, policy: readPolicy(control, task), tests: settings?.tests ?? [] },
    ...{ verify: settings?.verify ?? [], build: settings?.build ?? null, folder: settings?.folder },
    readUnchanged: (paths) => readBlobs({ ...mirror, commit: baseCommit, paths }),
    mission: specificationText(readSpecification(control, task)),
    asking: { registries: control.configuration.prepare.registries, now: new Date() },
    linesNaming: (names) => linesNaming(names, { ...mirror, commit: baseCommit }),
    ...(notes === undefined ? {} : { captureNotes: notes }),
  });
}

/** Null if no changed file can do harm, or if the repository's past is not read yet. */
async function historyFound(
  task: TaskState,
  { change, findings, entry }: { change: DerivedChange; findings: Findings; entry: OpenBundle["entry"] },
  control: Blobs & Mirrors,
): Promise<History | null> {
  const touched = deriveTouchedPaths(findings.pathReport, readPolicy(control, task));
  const watched = entry("watched-paths", watchedPathsSchema);
  const changed = harmfulFiles({ ...findings, watched, touched });
  if (changed.length === 0 || task.base_commit === null) return null;
  const mission = readSpecification(control, task).text;
  return historyOf({
    ...{ ...control.mirror(task.repository), tip: task.base_commit, now: new Date() },
    ...{ changed, renames: change.renames, message: mission },
  });
}

/** The judges to ask: those configured, and those that failed this change before, since removing a judge does not remove its veto. */
function nonces(
  { change_digest: changeDigest, bundle }: { change_digest: string; bundle: { digest: string } },
  { configuration, log }: Records & Configured<"models" | "addresses">,
): VerdictNonces {
  const configured = configuredFamilies(configuration);
  const state = log.stateWith({ changes: [changeDigest] });
  const asked = families.filter(
    (family) =>
      configured.includes(family) ||
      precedentVeto(state, { family, changeDigest, bundleDigest: bundle.digest }) !== null,
  );
  return Object.fromEntries(asked.map((family) => [family, newNonce()]));
}

/** Throws if the runner's entries are about another specification, patch, base or tree. */
function refuseForeignEntries(task: TaskState, { entries, parent }: BundleManifest, control: Blobs): void {
  const said = (name: EvidenceName) =>
    entries[name] === undefined ? null : Buffer.from(control.blobs.get(entries[name].digest)).toString("utf8").trim();
  const foreign =
    (entries.specification?.digest !== task.specification.digest && "specification") ||
    (entries.patch?.digest !== task.patch?.digest && "patch") ||
    (said("base-commit") !== task.base_commit && "base-commit") ||
    (said("tree") !== task.tree && "tree") ||
    (parent !== (task.evidence?.bundle.digest ?? null) && "parent");
  if (foreign)
    throw new Fault("HOLD-EVIDENCE-INCOMPLETE", `the sealed ${foreign} is not for this change`, {
      detail: `foreign ${foreign}`,
    });
}

/** Throws if the checks took another file for the same tests than control does, or tried nothing on a change that can change what runs. */
function refuseOtherTests(matrix: TestMatrix | null, { changeKinds }: Findings): void {
  const known = new Set(changeKinds.same_tests);
  const foreign = matrix?.same_tests?.find((path) => !known.has(path));
  if (matrix?.is_inert === true && !isInertByKinds(changeKinds))
    throw new Fault("HOLD-EVIDENCE-INCOMPLETE", "the checks tried nothing on a change that can change what runs", {
      detail: "checks without proofs",
    });
  if (foreign !== undefined)
    throw new Fault("HOLD-EVIDENCE-INCOMPLETE", "the checks took a changed test file for the same tests", {
      detail: "foreign same tests",
    });
}

function addEntries(
  manifest: BundleManifest,
  derived: { findings: Findings; checks: Checks | null; reverted: RevertReport | null; history: History | null },
  control: Blobs,
): BundleManifest["entries"] {
  const { findings, checks, reverted, history } = derived;
  const put = (value: unknown) => control.blobs.put(canonicalJson(value), "application/json");
  return {
    ...manifest.entries,
    "path-report": put(findings.pathReport),
    "secret-report": put(findings.secretReport),
    "dependency-changes": put(findings.dependencyChanges),
    "test-changes": put(findings.testChanges),
    "change-kinds": put(findings.changeKinds),
    ...(findings.dependencyRecords === null ? {} : { "dependency-records": put(findings.dependencyRecords) }),
    ...(checks === null ? {} : { checks: put(checks) }),
    ...(reverted === null ? {} : { reverted: put(reverted) }),
    ...(history === null ? {} : { history: put(history) }),
  };
}

/** Control's findings that can differ on another base: a path that clashes in case only, a lockfile that no longer fits. */
const findingNames = ["path-report", "secret-report", "dependency-changes", "test-changes", "change-kinds"] as const;

/** Whether a landing bundle keeps its parent's verdicts and approval: equal findings and checks, and no new failure in the tests of another run. */
function inheritsDecision(
  task: TaskState,
  { entries, checks }: { entries: BundleManifest["entries"]; checks: Checks | null },
  control: Blobs,
): boolean {
  if (task.evidence === null || checks === null || task.manifest?.parent !== task.evidence.bundle.digest) return false;
  const { manifest, entry } = openBundle(control, task.evidence.bundle.digest);
  const parent = manifest.entries;
  if (findingNames.some((name) => parent[name] === undefined || parent[name].digest !== entries[name]?.digest))
    return false;
  // Absent if no package moves to another version.
  if (parent["dependency-records"]?.digest !== entries["dependency-records"]?.digest) return false;
  const old = entry("checks", checksSchema);
  if (old === null || !saySame(old, checks)) return false;
  const { entry: entryNow } = bundleOf(control, { schema: 1, parent: null, entries });
  const [code, codeNow] = [entry, entryNow].map((read) => read("second-implementation", secondImplementationSchema));
  return (
    differsAsBefore(code ?? null, codeNow ?? null) &&
    hasNothingNew(
      entry("independent-tests", independentTestsSchema),
      entryNow("independent-tests", independentTestsSchema),
    )
  );
}

/** Whether the change differs from another run's code in nothing new. */
function differsAsBefore(before: SecondImplementation | null, now: SecondImplementation | null): boolean {
  if (before === null || now === null) return before === now;
  const known = new Set([...before.cases.map(caseText), ...before.tests_failed]);
  return (
    now.why_none === before.why_none && [...now.cases.map(caseText), ...now.tests_failed].every((one) => known.has(one))
  );
}

/** Whether another run's tests were compared as before, or left out for the same reason, and none newly fails. */
function hasNothingNew(before: IndependentTests | null, now: IndependentTests | null): boolean {
  if (before === null || now === null) return before === now;
  return now.why_none === before.why_none && now.failed.every((id) => before.failed.includes(id));
}
