/**
 * Renders the approval pages: the decision that is asked, and a form for each answer that the document has a token for. Opening a page decides nothing;
 * only a POST does.
 *
 * Folder: the approval pages, and the page for a new mission.
 */
import {
  type ApprovalPage,
  type BudgetPage,
  budgetAmountText,
  counted,
  type LandingPage,
  landingPlaceText,
  type PagePlan,
  partsOfBudget,
  type RevertPage,
  raisedText,
  type SpecificationPage,
} from "@aedev/contracts";
import type { Markup } from "../markup/markup.ts";
import { html } from "./html.ts";
import { landingFacts, landingSections } from "./landing-sections.ts";
import { bar, facts, head, page, sheet, signInField, textField, tokenForm } from "./page-frame.ts";
import { planSections } from "./plan-sections.ts";
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
  const { commit, repository, mission_title } = document;
  return page(`Land? ${mission_title}`, [
    head(`Land this change on ${landingPlaceText(commit, repository)}?`, document),
    landingFacts(document),
    landingSections(document),
    threeChoices(document, {
      change: "Nothing lands; a new run starts with your words.",
      reject: "Nothing lands, and the task ends.",
    }),
  ]);
}

function specificationPage(document: SpecificationPage): string {
  const { repository, mission_title, specification, specification_digest, plan } = document;
  if (plan !== null) return planPage(document, plan);
  return page(`Start work? ${mission_title}`, [
    head(`Start work on this in ${repository}?`, document),
    specificationSection(specification, mission_title),
    leftOutSection(document),
    scopeSection(document),
    html`<section><h2>If you approve</h2><p>A coder starts work. Whether its change lands is decided later.</p></section>
<p class="soft"><small>Specification <code>${specification_digest}</code></small></p>`,
    threeChoices(document, {
      change: "Your words become part of the specification, which then needs an approval again.",
      reject: "No work is done.",
    }),
  ]);
}

function planPage(document: SpecificationPage, plan: PagePlan): string {
  const { mission_title, specification, specification_digest } = document;
  const parts = counted(plan.parts.length, "part");
  return page(`Start work? ${mission_title}`, [
    head(`Start work on this plan of ${parts}?`, document),
    planSections(specification, mission_title, plan),
    leftOutSection(document),
    html`<section><h2>If you approve</h2><p>You approve every part. A coder starts on a part once the parts that it waits for have landed. Whether a change lands is decided later, for each part alone.</p>
<h2>To change a part</h2><p><code>aedev mission send-back PART --reason TEXT</code> changes one part, with its id as PART. The plan then needs an approval again.</p></section>
<p class="soft"><small>Specification <code>${specification_digest}</code></small></p>`,
    threeChoices(document, { change: "", reject: "No work is done on any part." }),
  ]);
}

function revertPage(document: RevertPage): string {
  const { repository, mission_title, commit, observed, revert_token, sign_in } = document;
  return page(`Take back? ${mission_title}`, [
    head(`Prepare to take back a change that landed in ${repository}?`, document),
    facts([
      { name: "Why", value: html`${observed.map((text) => html`<p>${text}</p>`)}` },
      { name: "Commit", value: html`<code>${commit}</code>` },
    ]),
    html`<section><h2>What will happen</h2><p>The inverse of the change is computed, checked and judged. You are asked again before it lands.</p></section>`,
    bar([
      tokenForm(
        revert_token,
        html`${signInField(sign_in, sign_in !== "possible")}<button class="approve">Prepare the revert</button>`,
      ),
    ]),
  ]);
}

const holdsMax = 20;

function budgetPage(document: BudgetPage): string {
  const { raised, limit, used, used_at_least, holds, raise_token, sign_in } = document;
  const { scope, unit } = partsOfBudget(raised.budget);
  const amount = (figure: number) => budgetAmountText(unit, figure);
  const [more, isOne] = [holds.length - holdsMax, holds.length === 1];
  const listed = holds
    .slice(0, holdsMax)
    .map((hold) => html`<li>${hold.mission_title}: <code>${hold.detail}</code></li>`);
  return page(`Raise to ${raisedText(raised)}? ${document.mission_title}`, [
    head(`Raise ${raised.budget} to ${raisedText(raised)}?`, document),
    facts([
      { name: "Why", value: html`<p>This budget holds work.</p>` },
      { name: "Used", value: html`<p>${used_at_least ? "at least " : ""}${amount(used)} ${scopeNames[scope]}</p>` },
      { name: "Limit", value: html`<p>${limit === null ? "none" : amount(limit)} now</p>` },
    ]),
    html`<section><h2>What will happen</h2><p>The new limit is written to config.yaml and stays there. A limit that is already as high does not change. ${counted(holds.length, "hold")} of this budget ${isOne ? "is" : "are"} released:</p>
<ul>${listed}${more > 0 ? html`<li>and ${more} more</li>` : html``}</ul></section>`,
    bar([
      tokenForm(
        raise_token,
        html`${signInField(sign_in, sign_in !== "possible")}<button class="approve">Raise to ${raisedText(raised)}</button>`,
      ),
    ]),
  ]);
}

const scopeNames = {
  run: "in this run",
  mission: "in this mission",
  repository_day: "in this repository today",
  day: "today",
} as const;

/** One form per decision, each with its own token, so that no form can make another decision, whatever is written in it. */
function threeChoices(
  { tokens, returned, sign_in }: LandingPage | SpecificationPage,
  means: { change: string; reject: string },
): Markup {
  const { approve, change, reject } = tokens;
  const words = returned?.fields["words"] ?? "";
  const asked = { label: "What should change?", required: true, value: words };
  const reason = { label: "Why? (optional)", required: false, value: words };
  // A reader with one decision's token sees its fields at once.
  const isOpen = [approve, change, reject].filter((token) => token !== null).length === 1;
  return bar([
    sign_in === "none"
      ? tokenForm(approve, html`<button class="approve">Approve</button>`)
      : sheet(
          approve,
          { label: "Approve", tone: "approve", isOpen },
          html`${signInField(sign_in, sign_in !== "possible")}<button class="approve">Approve it</button>`,
        ),
    sheet(
      change,
      { label: "Change…", tone: "", isOpen },
      html`<p>${means.change}</p>${textField({ id: "change-words", name: "words" }, asked)}${signInField(sign_in, sign_in === "write")}<button>Send it back</button>`,
    ),
    sheet(
      reject,
      { label: "Reject", tone: "reject", isOpen },
      html`<p>${means.reject}</p>${textField({ id: "reject-words", name: "words" }, reason)}<button class="reject">Reject it</button>`,
    ),
  ]);
}
