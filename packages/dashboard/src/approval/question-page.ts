/** Renders the page with questions: choices with the default marked, a text field for each, and one button. The page can't approve anything. */
import type { PageQuestion, QuestionPage } from "@aedev/contracts";
import type { Markup } from "../markup/markup.ts";
import { html } from "./html.ts";
import { decisions, head, page, textField, tokenForm } from "./page-frame.ts";

/** Quotes a coder's text as the coder's. The page has no approval button that the text could lead the reader to press (SECURITY T23). */
export function questionPage(document: QuestionPage): string {
  const { asked_by, questions, answer_token, choice } = document;
  const [first] = questions;
  const asked =
    asked_by === "coder"
      ? html`<h2>The coder asks, in its own words</h2><blockquote><p class="said">${first?.text ?? ""}</p></blockquote><p>This text is from the coder, not from aedev. Your answer goes to the next run; it approves nothing and does not change the specification.</p>`
      : html`<h2>${asked_by === "gate" ? "Your request and the tests" : "Before work starts"}</h2>${asked_by === "gate" ? html`<p>The next run may change the named tests, and no others, if you allow it. If you keep them, the task is held. Anything else that you write becomes a part of the request.</p>` : html``}${choice === null ? html`` : html`<p class="said">${first?.text ?? ""}</p>`}`;
  const form =
    choice === null
      ? tokenForm(
          answer_token,
          html`${questions.map((question) => questionFields(question, document))}<button>${questions.length === 1 ? "Send answer" : "Send answers"}</button>`,
        )
      : tokenForm(choice.token, html`<button>Answer: ${choice.text}</button>`);
  return page(`Question: ${document.mission_title}`, [
    html`<p>${questions.length === 1 ? "A question" : "Questions"} about a mission for <strong>${document.repository}</strong>.</p>`,
    head(document),
    asked,
    decisions([form]),
  ]);
}

/** aedev's own default is selected at first; a coder's never is, because a person must choose the answer deliberately. */
function questionFields(question: PageQuestion, { asked_by, returned }: QuestionPage): Markup {
  const { text, choices, choice_field, text_field } = question;
  const usual = choices.indexOf(question.default);
  // Without a default, no choice is selected at first.
  const usualValue = question.default === "" ? "" : usual === -1 ? "default" : String(usual);
  const fields = returned?.fields ?? {};
  const chosen = Object.hasOwn(fields, choice_field) ? fields[choice_field] : asked_by === "coder" ? "" : usualValue;
  const offered = choices.map((label, index) => ({ label, value: String(index) }));
  const all = usualValue === "default" ? [...offered, { label: question.default, value: "default" }] : offered;
  const radios = all.map(
    ({ label, value }) =>
      html`<label class="choice"><input type="radio" name="${choice_field}" value="${value}"${value === chosen ? html` checked` : html``}><span>${label}${value === usualValue ? " (default)" : ""}</span></label>`,
  );
  const own = textField(
    { id: text_field, name: text_field },
    {
      label: "Or in your own words, instead of the choice",
      required: false,
      value: Object.hasOwn(fields, text_field) ? (fields[text_field] ?? "") : "",
    },
  );
  return html`<fieldset><legend class="said">${text}</legend>${radios}${own}</fieldset>`;
}
