/** Renders what a person reads before a change lands: the facts that decide, each with what stands behind it, then files, proofs and the request. */
import {
  type Checks,
  checksStatusText,
  counted,
  escapeLine,
  independentTestsText,
  type LandingPage,
  landingPlaceText,
  largestShares,
  mainReasonText,
  outsideReplayLines,
  provennessLines,
  reasonText,
  riskText,
  secondImplementationText,
  signalText,
} from "@aedev/contracts";
import type { Markup } from "../markup/markup.ts";
import { changedFiles } from "./changed-files.ts";
import { html } from "./html.ts";
import { facts, opening } from "./page-frame.ts";
import { specificationSection } from "./specification-section.ts";

const namesMax = 30;
const nameLengthMax = 200;
const lineLengthMax = 500;
const whyLengthMax = 200;
const commitLengthMax = 72;
/** Shares for and against harm that are seen at first; the others open. */
const [harmMax, againstMax, sharesMax] = [2, 1, 5];

/** The facts that fit on a phone's first screen. */
export function landingFacts(page: LandingPage): Markup {
  return facts([
    { name: "Why", value: why(page) },
    { name: "Risk", value: risk(page) },
    { name: "Tests", value: tests(page.checks) },
    { name: "Judges", value: judges(page) },
  ]);
}

export function landingSections(page: LandingPage): Markup {
  return html`<section>${changedFiles(page)}${captureNotes(page.capture_notes)}</section>
${proofs(page)}${specificationSection(page.specification, page.mission_title)}${consequences(page)}
<p class="soft"><small>Change <code>${page.change_digest}</code></small></p>`;
}

/** One sentence, which opens to the reasons with their names. */
function why({ reasons }: LandingPage): Markup {
  const listed = reasons.map((reason) => reasonText(reason));
  const main = mainReasonText(reasons) ?? listed[0] ?? "";
  const line = escapeLine(main, whyLengthMax);
  const rest = listed.filter((text) => escapeLine(text, lineLengthMax) !== line);
  const whole =
    rest.length === 0
      ? html``
      : html`<details><summary>${counted(rest.length, "reason")} in full</summary>${bounded(rest, lineLengthMax)}</details>`;
  return html`<p>${line}</p>${whole}`;
}

/** The chance of harm with its largest shares, each of which opens to what was found. */
function risk({ risk: decided }: LandingPage): Markup {
  const { harm, against } = largestShares(decided.shares, sharesMax);
  const more = [...harm.slice(harmMax), ...against.slice(againstMax)];
  const rest =
    more.length === 0
      ? html``
      : html`<details><summary>${counted(more.length, "smaller share")}</summary>${more.map(share)}</details>`;
  const largest = [...harm.slice(0, harmMax), ...against.slice(0, againstMax)];
  return html`<p>${riskText(decided) ?? "unknown"}</p>${largest.map(share)}${rest}`;
}

function share({ factor, points, why: found }: LandingPage["risk"]["shares"][number]): Markup {
  const sign =
    points > 0
      ? html`<span class="fail" aria-hidden="true">▲</span><span class="unseen">raises it: </span>`
      : html`<span class="pass" aria-hidden="true">▼</span><span class="unseen">lowers it: </span>`;
  const name = signalText(factor);
  return opening(html`${sign} ${name}`, found === "" || found === name ? [] : [html`<p>${found}</p>`]);
}

function tests(checks: Checks | null): Markup {
  if (checks === null) return html`<p class="fail">The evidence has no test results.</p>`;
  const { status, fail_to_pass, pass_to_pass, newly_failing, vanished, skipped, reasons } = checks;
  const bad = [
    ...(newly_failing.length === 0 ? [] : [`${newly_failing.length} newly failing`]),
    ...(vanished.length === 0 ? [] : [`${vanished.length} gone`]),
  ];
  const line = html`<span class="${status === "green" ? "pass" : "fail"}">${[checksStatusText(status), ...bad].join(", ")}</span>`;
  return opening(line, [
    names("Failed before, pass now", fail_to_pass),
    html`<p>Passed before, still pass: ${pass_to_pass}</p>`,
    skipped === undefined ? html`` : html`<p>Skipped, so that they show nothing: ${skipped.tests}</p>`,
    names("Newly failing", newly_failing),
    names("Vanished", vanished),
    reasons.length === 0 ? html`` : bounded(reasons, lineLengthMax),
  ]);
}

function judges({ verdicts: list }: LandingPage): Markup {
  if (list.length === 0) return html`<p>none asked</p>`;
  const rows = list.map(
    ({ family, model, verdict, detail }) =>
      html`<li><strong>${family}</strong> <span class="${verdict === "pass" ? "pass" : "fail"}">${verdict.replaceAll("_", " ")}${detail === null ? "" : ` (${escapeLine(detail, lineLengthMax)})`}</span><br><small>${model}</small></li>`,
  );
  const passes = list.filter(({ verdict }) => verdict === "pass").length;
  const others = list.filter(({ verdict }) => verdict !== "pass").map(({ family }) => family);
  const tone = others.length === 0 ? "pass" : "fail";
  const line = html`<span class="${tone}">${passes} of ${list.length} passed${others.length === 0 ? "" : `, not ${others.join(", ")}`}</span>`;
  return opening(line, [html`<ul class="plain">${rows}</ul>`]);
}

/** Empty if nothing was put back or left out. */
function captureNotes(lines: readonly string[]): Markup {
  return lines.length === 0 ? html`` : html`<h3>Not in the diff</h3>${bounded(lines, lineLengthMax)}`;
}

/** What was executed besides the tests, and what the change does to them; each source that has nothing says so or is left out. */
function proofs(page: LandingPage): Markup {
  const { provenness, replay, independent_tests: independent, second_implementation: second, test_changes } = page;
  const whole = (text: string) => text;
  const lines = [
    ...(provenness === null
      ? ["The evidence does not say whether the tests can fail."]
      : provennessLines(provenness, whole)),
    ...(replay === null ? [] : outsideReplayLines(replay, whole)),
    ...(independent === null ? [] : [independentTestsText(independent, whole)]),
    ...(second === null ? [] : [secondImplementationText(second, whole)]),
  ];
  const effects = test_changes ?? ["The evidence does not say."];
  return html`<section><h2>Proofs besides the tests</h2>${bounded(lines, lineLengthMax)}</section>
${effects.length === 0 ? html`` : html`<section><h2>What the change does to the tests</h2>${bounded(effects, lineLengthMax)}</section>`}`;
}

function names(title: string, list: readonly string[]): Markup {
  const rows = list.slice(0, namesMax).map((name) => html`<li><code>${escapeLine(name, nameLengthMax)}</code></li>`);
  return html`<p>${title}: ${list.length}</p>${list.length === 0 ? html`` : html`<ul class="plain">${rows}${omitted(list)}</ul>`}`;
}

function bounded(list: readonly string[], lengthMax: number): Markup {
  const listed = list.slice(0, namesMax).map((line) => html`<li>${escapeLine(line, lengthMax)}</li>`);
  return html`<ul>${listed}${omitted(list)}</ul>`;
}

function omitted({ length }: readonly string[]): Markup {
  return length <= namesMax ? html`` : html`<li><strong>omitted: ${length - namesMax} more</strong></li>`;
}

function consequences({ mission_title, commit }: LandingPage): Markup {
  const { title, remote, may_push, take_in, ...place } = commit;
  const named = title === mission_title ? html`` : html`, <q>${escapeLine(title, commitLengthMax)}</q>,`;
  const held = may_push
    ? html``
    : html`<p><strong>aedev may not write there yet: the change will be held until you run <code>aedev repo add --allow-writes</code>.</strong></p>`;
  const through =
    place.way === "pull-request"
      ? html`<p>The pull request is merged once the branch’s checks and reviews allow it.</p>`
      : html``;
  const take = take_in === null ? html`` : html`<p>Then take it in: <code>${take_in}</code></p>`;
  return html`<section><h2>If you approve</h2><p>Exactly this change becomes one commit${named} on <code>${landingPlaceText(place, remote)}</code>.</p>${through}${held}${take}</section>`;
}
