/** Renders what a person reads before a change lands: the reasons for asking, the specification, diff, tests, verdicts, risk, and what each button does. */
import {
  type Checks,
  escapeLine,
  independentTestsText,
  type LandingPage,
  landingPlaceText,
  largestShares,
  outsideReplayLines,
  provennessLines,
  reasonText,
  riskText,
  secondImplementationText,
  signalText,
} from "@aedev/contracts";
import type { Markup } from "../markup/markup.ts";
import { diffExcerpt } from "./diff-excerpt.ts";
import { html } from "./html.ts";
import { specificationSection } from "./specification-section.ts";

const namesMax = 30;
const nameLengthMax = 200;
const lineLengthMax = 500;
const titleLengthMax = 72;

export function landingSections(page: LandingPage): Markup {
  return html`${reasons(page)}${specificationSection(page.specification)}
<section><h2>The change</h2>${diffExcerpt(page.patch, page.patch_command)}${captureNotes(page.capture_notes)}<p><small>Digest <code>${page.change_digest}</code></small></p></section>
${tests(page.checks)}${provenness(page)}${replay(page)}${independentTests(page)}${secondImplementation(page)}${testChanges(page)}${verdicts(page)}${risk(page)}${consequences(page)}`;
}

function reasons({ reasons: list }: LandingPage): Markup {
  const items = list.map((reason) => html`<li>${reasonText(reason)}</li>`);
  return html`<section><h2>Why this needs your approval</h2><ul>${items.length === 0 ? html`<li>The policy never merges a change like this automatically.</li>` : items}</ul></section>`;
}

/** Empty if nothing was put back or left out. */
function captureNotes(lines: readonly string[]): Markup {
  return lines.length === 0 ? html`` : html`<h3>Not in the diff</h3>${bounded(lines, lineLengthMax)}`;
}

function tests(checks: Checks | null): Markup {
  if (checks === null)
    return html`<section><h2>Tests</h2><p class="fail">The evidence has no test results.</p></section>`;
  const { status, fail_to_pass, pass_to_pass, newly_failing, vanished, skipped } = checks;
  return html`<section><h2>Tests: <span class="${status === "green" ? "pass" : "fail"}">${status}</span></h2>
${names("Failed before, pass now", fail_to_pass)}<h3>Passed before, still pass: ${pass_to_pass}</h3>${skipped === undefined ? "" : html`<h3>Skipped, so that they show nothing: ${skipped.tests}</h3>`}
${names("Newly failing", newly_failing)}${names("Vanished", vanished)}<ul>${checks.reasons.map((reason) => html`<li>${reason}</li>`)}</ul></section>`;
}

function provenness({ provenness: found }: LandingPage): Markup {
  const lines = found === null ? ["The evidence does not say."] : provennessLines(found, (name) => name);
  return html`<section><h2>Tests that were shown able to fail</h2>${bounded(lines, lineLengthMax)}</section>`;
}

/** Empty if the evidence has no replay. */
function replay({ replay: found }: LandingPage): Markup {
  if (found === null) return html``;
  return html`<section><h2>Changed functions outside the tests</h2>${bounded(
    outsideReplayLines(found, (text) => text),
    lineLengthMax,
  )}</section>`;
}

/** Empty without independent tests. */
function independentTests({ independent_tests: found }: LandingPage): Markup {
  if (found === null) return html``;
  const lines = [independentTestsText(found, (name) => name)];
  return html`<section><h2>Tests of another run, from the mission alone</h2>${bounded(lines, lineLengthMax)}</section>`;
}

/** Empty without another run's code. */
function secondImplementation({ second_implementation: found }: LandingPage): Markup {
  if (found === null) return html``;
  const lines = [secondImplementationText(found, (text) => text)];
  return html`<section><h2>The same mission, made by another run</h2>${bounded(lines, lineLengthMax)}</section>`;
}

/** Empty if the change does not touch tests. */
function testChanges({ test_changes: changes }: LandingPage): Markup {
  const lines = changes ?? ["The evidence does not say."];
  return lines.length === 0
    ? html``
    : html`<section><h2>What the change does to the tests</h2>${bounded(lines, lineLengthMax)}</section>`;
}

function names(title: string, list: readonly string[]): Markup {
  return html`<h3>${title}: ${list.length}</h3>${list.length === 0 ? html`` : bounded(list, nameLengthMax)}`;
}

function bounded(list: readonly string[], lengthMax: number): Markup {
  const listed = list.slice(0, namesMax).map((line) => html`<li>${escapeLine(line, lengthMax)}</li>`);
  const rest = list.length - listed.length;
  return html`<ul>${listed}${rest === 0 ? html`` : html`<li><strong>omitted: ${rest} more</strong></li>`}</ul>`;
}

function verdicts({ verdicts: list }: LandingPage): Markup {
  const rows = list.map(
    ({ family, model, verdict, detail }) =>
      html`<li><strong>${family}</strong> <span class="${verdict === "pass" ? "pass" : "fail"}">${verdict.replaceAll("_", " ")}${detail === null ? "" : ` (${detail})`}</span><br><small>${model}</small></li>`,
  );
  const passes = list.filter(({ verdict }) => verdict === "pass").length;
  return html`<section><h2>Judges: ${list.length === 0 ? "none asked" : `${passes} of ${list.length} passed`}</h2>${rows.length === 0 ? html`` : html`<ul class="rows">${rows}</ul>`}</section>`;
}

/** Lists instead of a table: three columns don't fit on a phone. */
function risk({ risk: decided }: LandingPage): Markup {
  const { harm, against } = largestShares(decided.shares);
  return html`<section><h2>Risk: ${riskText(decided) ?? "unknown"}</h2>${shareList("What speaks for harm", harm)}${shareList("What speaks against harm", against)}</section>`;
}

function shareList(title: string, shares: LandingPage["risk"]["shares"]): Markup {
  const rows = shares.map(({ factor, why }) => html`<li><strong>${signalText(factor)}</strong><br>${why}</li>`);
  return rows.length === 0 ? html`` : html`<h3>${title}</h3><ul class="rows">${rows}</ul>`;
}

function consequences({ commit: { title, remote, may_push, take_in, ...place } }: LandingPage): Markup {
  const held = may_push
    ? html``
    : html` <strong>aedev may not write there yet: the change will be held until you run <code>aedev repo add --allow-writes</code>.</strong>`;
  const through =
    place.way === "pull-request"
      ? html` The pull request is merged once the branch’s checks and reviews allow it.`
      : html``;
  const take = take_in === null ? html`` : html` Then take it in: <code>${take_in}</code>`;
  return html`<section><h2>What will happen</h2><ul>
<li>Approve: exactly this change becomes one commit, <q>${escapeLine(title, titleLengthMax)}</q>, on <code>${landingPlaceText(place, remote)}</code>.${through}${held}${take}</li>
<li>Send back: nothing lands; a new run starts with your instructions.</li><li>Reject: nothing lands and the task ends.</li></ul></section>`;
}
