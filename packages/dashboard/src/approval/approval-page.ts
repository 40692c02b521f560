/**
 * Renders the approval pages: the question, and a form for each decision that the document has a token for. Opening a page decides nothing; only a POST
 * does.
 *
 * Folder: the approval pages, and the page for a new mission.
 */
import {
  type ApprovalPage,
  type BudgetPage,
  budgetAmountText,
  counted,
  type LandingPage,
  type PageSignIn,
  partsOfBudget,
  type RevertPage,
  raisedText,
  type SpecificationPage,
} from "@aedev/contracts";
import type { Markup } from "../markup/markup.ts";
import { html } from "./html.ts";
import { landingSections } from "./landing-sections.ts";
import { decisions, head, page, textField, tokenForm } from "./page-frame.ts";
import { questionPage } from "./question-page.ts";
import { leftOutSection, scopeSection, specificationSection } from "./specification-section.ts";

export function renderApprovalPage(document: ApprovalPage): string {
  switch (document.kind) {
    case "landing":
      return landingPage(document);
    case "specification":
      return specificationPage(document);
    case "question":
      return questionPage(document);
    case "revert":
      return revertPage(document);
    case "budget":
      return budgetPage(document);
  }
}

function landingPage(document: LandingPage): string {
  return page(`Land? ${document.mission_title}`, [
    html`<p>A change to <strong>${document.repository}</strong> needs your approval.</p>`,
    head(document),
    landingSections(document),
    threeChoices(document, { approve: "Approve and land this change", change: "Send back with these instructions" }),
  ]);
}

function specificationPage(document: SpecificationPage): string {
  return page(`Start work? ${document.mission_title}`, [
    html`<p>A mission for <strong>${document.repository}</strong> needs your approval.</p>`,
    head(document),
    specificationSection(document.specification),
    leftOutSection(document),
    scopeSection(document),
    html`<section><h2>What will happen</h2><ul><li>Approve: a coder starts work. Whether its change lands is decided later.</li><li>Change: your words become part of the specification, which then needs an approval again.</li><li>Reject: no work is done.</li></ul></section>
<p><small>Specification <code>${document.specification_digest}</code></small></p>`,
    threeChoices(document, { approve: "Approve and start work", change: "Send back with these words" }),
  ]);
}

function revertPage(document: RevertPage): string {
  const { repository, commit, observed, revert_token, sign_in } = document;
  return page(`Take back? ${document.mission_title}`, [
    html`<p>A change that landed in <strong>${repository}</strong> as <code>${commit}</code> can be taken back.</p>`,
    head(document),
    html`<section><h2>What was seen</h2><ul>${observed.map((text) => html`<li>${text}</li>`)}</ul></section>
<section><h2>What will happen</h2><ul><li>The inverse of the change is computed, checked and judged.</li><li>You are asked again before it lands.</li></ul></section>`,
    decisions([
      tokenForm(
        revert_token,
        html`<h3>Revert</h3>${signInField(sign_in, sign_in !== "possible")}<button class="approve">Prepare the revert</button>`,
      ),
    ]),
  ]);
}

const holdsMax = 20;

function budgetPage(document: BudgetPage): string {
  const { raised, limit, used, used_at_least, holds, raise_token, sign_in } = document;
  const { scope, unit } = partsOfBudget(raised.budget);
  const amount = (figure: number) => budgetAmountText(unit, figure);
  const more = holds.length - holdsMax;
  return page(`Raise to ${raisedText(raised)}? ${document.mission_title}`, [
    html`<p>The budget <code>${raised.budget}</code> holds work.</p>`,
    head(document),
    html`<section><h2>The budget</h2><ul><li>Used (${scopeNames[scope]}): ${used_at_least ? "at least " : ""}${amount(used)}</li>
<li>Limit now: ${limit === null ? "none" : amount(limit)}</li><li>New limit: <strong>${raisedText(raised)}</strong></li></ul></section>
<section><h2>What will happen</h2><ul><li><code>${raised.budget}</code> becomes ${raisedText(raised)} in config.yaml, and stays so. If it is that much already, it stays as it is.</li><li>${counted(holds.length, "hold")} of this budget ${holds.length === 1 ? "is" : "are"} released:</li></ul>
<ul>${holds.slice(0, holdsMax).map((hold) => html`<li>${hold.mission_title}: <code>${hold.detail}</code></li>`)}${more > 0 ? html`<li>and ${more} more</li>` : html``}</ul></section>`,
    decisions([
      tokenForm(
        raise_token,
        html`<h3>Raise</h3>${signInField(sign_in, sign_in !== "possible")}<button class="approve">Raise to ${raisedText(raised)}</button>`,
      ),
    ]),
  ]);
}

const scopeNames = {
  run: "this run",
  mission: "this mission",
  repository_day: "this repository, today",
  day: "today",
} as const;

/** One form per decision, each with its own token, so that no form can make another decision, whatever is written in it. */
function threeChoices(
  { tokens, returned, sign_in }: LandingPage | SpecificationPage,
  labels: { approve: string; change: string },
) {
  const { approve, change, reject } = tokens;
  const words = returned?.fields["words"] ?? "";
  const asked = { label: "What should change?", required: true, value: words };
  const reason = { label: "Why? (optional)", required: false, value: words };
  return decisions([
    tokenForm(
      approve,
      html`<h3>Approve</h3>${signInField(sign_in, sign_in !== "possible")}<button class="approve">${labels.approve}</button>`,
    ),
    tokenForm(
      change,
      html`<h3>Change…</h3>${textField({ id: "change-words", name: "words" }, asked)}${signInField(sign_in, sign_in === "write")}<button>${labels.change}</button>`,
    ),
    tokenForm(
      reject,
      html`<h3>Reject</h3>${textField({ id: "reject-words", name: "words" }, reason)}<button class="reject">Reject</button>`,
    ),
  ]);
}

/** The field for an operator's token. Each form has its own field, because a browser sends only the fields of the submitted form. */
function signInField(signIn: PageSignIn, isRequired: boolean): Markup {
  if (signIn === "none") return html``;
  const label = isRequired ? "Your operator's token (needed)" : "Your operator's token (optional; names you)";
  const required = isRequired ? "required" : "";
  return html`<label>${label}<input type="password" name="operator_token" autocomplete="current-password" maxlength="200" ${required}></label>`;
}
