/** The evidence of an asked change: why it asks, what will happen, diff, tests, verdicts, risk. Everything is read from sealed blobs and the log. */
import { escapeLine, type TaskState, testChangeLines } from "@aedev/core";
import {
  bundleManifestSchema,
  type Checks,
  checksSchema,
  Fault,
  type TestChanges,
  testChangesSchema,
} from "@aedev/core/wire";
import { taskBranch } from "../git/push.ts";
import type { Control } from "../loop/control.ts";
import { readDocument, readSpecification } from "../work/read-blobs.ts";
import { mayWrite } from "../work/writes.ts";
import { diffExcerpt } from "./diff-excerpt.ts";
import { specificationSection } from "./look-specification.ts";
import { html, type Markup } from "./page-markup.ts";

const namesMax = 30;
const nameLengthMax = 200;
const lineLengthMax = 500;

export function landingSections(control: Control, task: TaskState): Markup {
  if (task.evidence === null || task.patch === null || task.gate === null)
    throw new Fault("NO-EVIDENCE", `task ${task.task_id} is asked about without evidence`);
  const { entries } = readDocument(control, task.evidence.bundle.digest, bundleManifestSchema);
  const checks = entries.checks === undefined ? null : readDocument(control, entries.checks.digest, checksSchema);
  const changes = entries["test-changes"];
  const testChanges = changes === undefined ? null : readDocument(control, changes.digest, testChangesSchema);
  const wholePatch = `aedev evidence show ${task.task_id} --entry patch`;
  return html`${reasons(task.gate.reasons)}${specificationSection(readSpecification(control, task))}
<section><h2>The change</h2>${diffExcerpt(control.blobs.get(task.patch.digest), wholePatch)}<p><small>Change <code>${task.evidence.change_digest}</code></small></p></section>
${tests(checks)}${changedTests(testChanges)}${verdicts(task)}${risk(task.gate)}${consequences(control, task)}`;
}

function reasons(list: readonly string[]): Markup {
  const items = list.map((reason) => html`<li>${reason}</li>`);
  return html`<section><h2>Why you are asked</h2><ul>${items.length === 0 ? html`<li>the policy lets no such change merge by itself</li>` : items}</ul></section>`;
}

/** What each button brings about, in the words of the remote. */
function consequences(control: Control, task: TaskState): Markup {
  const { state } = control.log;
  const repository = state.repositories[task.repository];
  const ref = repository?.target === "task-branch" ? taskBranch(task.task_id) : (task.ref ?? "");
  const branch = ref.replace(/^refs\/heads\//, "");
  const title = escapeLine(state.missions[task.mission_id]?.title ?? "", 72);
  const held = mayWrite(task, control)
    ? html``
    : html` <strong>aedev may not write there yet: it will be held until <code>repo add --allow-writes</code>.</strong>`;
  return html`<section><h2>What will happen</h2><ul>
<li>Approve: this very change becomes one commit, <q>${title}</q>, on <code>${branch}</code> of <code>${repository?.url ?? task.repository}</code>.${held}</li>
<li>Reject: nothing lands and the task ends.</li><li>Send back with words: nothing lands; a next run starts with your words.</li></ul></section>`;
}

function tests(checks: Checks | null): Markup {
  if (checks === null)
    return html`<section><h2>Tests</h2><p class="fail">No test result is in the evidence.</p></section>`;
  const { status, fail_to_pass, pass_to_pass, newly_failing, vanished } = checks;
  return html`<section><h2>Tests: <span class="${status === "green" ? "pass" : "fail"}">${status}</span></h2>
${names("Red on the old code, green on the new", fail_to_pass)}
<p>${pass_to_pass} of the tests that were green before are green still.</p>${names("Newly failing", newly_failing)}${names("Vanished", vanished)}<ul>${checks.reasons.map((reason) => html`<li>${reason}</li>`)}</ul></section>`;
}

/** What the change itself did to tests; nothing where it did nothing to them. */
function changedTests(changes: TestChanges | null): Markup {
  const lines = changes === null ? ["not in the evidence"] : testChangeLines(changes);
  if (lines.length === 0) return html``;
  const items = lines.slice(0, namesMax).map((line) => html`<li>${escapeLine(line, lineLengthMax)}</li>`);
  const omitted =
    lines.length > namesMax ? html`<li><strong>omitted: ${lines.length - namesMax} more</strong></li>` : html``;
  return html`<section><h2>What it does to the tests</h2><ul>${items}${omitted}</ul></section>`;
}

function names(title: string, list: readonly string[]): Markup {
  const shown = list.slice(0, namesMax).map((name) => html`<li>${escapeLine(name, nameLengthMax)}</li>`);
  const rest = list.length - shown.length;
  const omitted = rest === 0 ? html`` : html`<li><strong>omitted: ${rest} more</strong></li>`;
  return html`<h3>${title}: ${list.length}</h3>${list.length === 0 ? html`` : html`<ul>${shown}${omitted}</ul>`}`;
}

function verdicts({ verdicts: list }: TaskState): Markup {
  const rows = list.map(
    ({ family, model, verdict, detail }) =>
      html`<tr><th scope="row">${family}</th><td class="${verdict === "pass" ? "pass" : "fail"}">${verdict}${detail === null ? "" : ` (${detail})`}</td><td>${model}</td></tr>`,
  );
  const passes = list.filter(({ verdict }) => verdict === "pass").length;
  return html`<section><h2>Judges: ${passes} of ${list.length} passed it</h2>${rows.length === 0 ? html`<p>No judge was asked.</p>` : html`<table>${rows}</table>`}</section>`;
}

function risk({ risk_score, level, shares }: NonNullable<TaskState["gate"]>): Markup {
  const rows = shares
    .filter(({ points }) => points !== 0)
    .map(
      ({ factor, points, why }) =>
        html`<tr><th scope="row">${factor.replaceAll("_", " ")}</th><td>${points}</td><td>${why}</td></tr>`,
    );
  const score = risk_score === null ? "unknown" : `${risk_score} of 100 points${level === null ? "" : `, ${level}`}`;
  return html`<section><h2>Risk: ${score}</h2>${rows.length === 0 ? html`` : html`<table>${rows}</table>`}</section>`;
}
