/** Renders the approval pages: the question, and a button for each decision that the document has a token for. Opening a page decides nothing; only a POST does. */
import {
  type ApprovalPage,
  type LandingPage,
  type QuestionPage,
  type SpecificationPage,
  wordsCharactersMax,
} from "@aedev/contracts";
import type { Markup } from "../markup/markup.ts";
import { html } from "./html.ts";
import { landingSections } from "./landing-sections.ts";
import { page, tokenForm } from "./page-frame.ts";
import { specificationSection } from "./specification-section.ts";

export function renderApprovalPage(document: ApprovalPage): string {
  switch (document.kind) {
    case "landing":
      return landingPage(document);
    case "specification":
      return specificationPage(document);
    case "question":
      return questionPage(document);
  }
}

/** Two forms share the reject token: only the first can send the change back, and only the second ends the task. */
function landingPage(document: LandingPage): string {
  const { approve, reject } = document.tokens;
  return page(`Land? ${document.mission_title}`, [
    html`<p>A change to <strong>${document.repository}</strong> needs your approval.</p>`,
    head(document),
    landingSections(document),
    decisions([
      tokenForm(approve, html`<button class="approve">Approve and land this change</button>`),
      tokenForm(
        reject,
        html`${textField("words", "What should change?", "required")}<button name="decision" value="send-back">Send back with these instructions</button>`,
      ),
      tokenForm(reject, html`<button class="reject">Reject</button>`),
    ]),
  ]);
}

function specificationPage(document: SpecificationPage): string {
  const { approve, reject } = document.tokens;
  return page(`Start work? ${document.mission_title}`, [
    html`<p>A mission for <strong>${document.repository}</strong> needs your approval.</p>`,
    head(document),
    specificationSection(document.specification),
    html`<section><h2>What will happen</h2><ul><li>Approve: a coder starts work. Whether its change lands is decided later.</li><li>Reject: no work is done.</li></ul></section>
<p><small>Specification <code>${document.specification_digest}</code></small></p>`,
    decisions([
      tokenForm(approve, html`<button class="approve">Approve and start work</button>`),
      tokenForm(reject, html`${textField("words", "Reason (optional)")}<button class="reject">Reject</button>`),
    ]),
  ]);
}

/** Quotes a coder's text as the coder's and has no approval button, so that the text can't lead the reader to press one (THREATS T23). */
function questionPage(document: QuestionPage): string {
  const asked =
    document.asked_by === "coder"
      ? html`<h2>The coder asks, in its own words</h2><blockquote><p class="said">${document.text}</p></blockquote><p>This text is from the coder, not from aedev. Your answer goes to the next run; it approves nothing and does not change the specification.</p>`
      : html`<h2>Before work starts</h2><p class="said">${document.text}</p>`;
  return page(`Question: ${document.mission_title}`, [
    html`<p>A question about a mission for <strong>${document.repository}</strong>.</p>`,
    head(document),
    asked,
    decisions(answers(document)),
  ]);
}

function answers({ choices, default: usual, answer_token }: QuestionPage): Markup[] {
  const isChoice = choices.some(({ text }) => text === usual);
  return [
    ...choices.map(({ text, token }) =>
      tokenForm(token, html`<button>${text}${text === usual ? " (default)" : ""}</button>`),
    ),
    isChoice
      ? html``
      : tokenForm(
          answer_token,
          html`<input type="hidden" name="answer" value="${usual}"><button>${usual} (default)</button>`,
        ),
    tokenForm(answer_token, html`${textField("answer", "Another answer", "required")}<button>Send answer</button>`),
  ];
}

function textField(name: "words" | "answer", label: string, required: "required" | "" = ""): Markup {
  return html`<label for="${name}">${label}</label><textarea id="${name}" name="${name}" maxlength="${wordsCharactersMax}" ${required}></textarea>`;
}

function head({ mission_title, expires_at }: ApprovalPage): Markup {
  return html`<h1>${mission_title}</h1><p><small>Valid until <time datetime="${expires_at}">${expires_at.slice(0, 16).replace("T", " ")} UTC</time>, for one decision.</small></p>`;
}

function decisions(forms: readonly Markup[]): Markup {
  return html`<section><h2>Decide</h2>${forms}</section>`;
}
