/** Renders the page with questions: choices with the default marked, a text field for each, and one button. The page can't approve anything. */
import { counted, type PageQuestion, type QuestionPage } from "@aedev/contracts";
import type { Markup } from "../markup/markup.ts";
import { html } from "./html.ts";
import { bar, head, page, textField, tokenForm } from "./page-frame.ts";

/** Quotes a coder's text as the coder's. The page has no approval button that the text could lead the reader to press (SECURITY T23). */
export function questionPage(document: QuestionPage): string {
  const { asked_by, questions, answer_token, choice, repository } = document;
  const [first] = questions;
  const isOne = questions.length === 1;
  const said =
    asked_by === "coder"
      ? html`<blockquote><p class="said">${first?.text ?? ""}</p></blockquote>`
      : html`<p class="said">${first?.text ?? ""}</p>`;
  const form = tokenForm(
    answer_token,
    html`${questions.map((question) => questionFields(question, document))}${bar([html`<button class="send">${isOne ? "Send answer" : "Send answers"}</button>`])}`,
  );
  const answer = choice === null ? form : html`${said}${chosen(choice)}`;
  return page(`Question: ${document.mission_title}`, [
    head(`${isOne ? "A question" : counted(questions.length, "question")} about work in ${repository}`, document),
    leads[asked_by],
    answer_token === null && choice === null ? said : answer,
  ]);
}

function chosen({ text, token }: { text: string; token: string }): Markup {
  return bar([tokenForm(token, html`<button class="send">Answer: ${text}</button>`)]);
}

const leads = {
  coder: html`<h2>The coder asks, in its own words</h2><p>Your answer goes to the next run; it approves nothing and does not change the specification.</p>`,
  gate: html`<h2>Your request and the tests</h2><p>The next run may change the named tests, and no others, if you allow it. If you keep them, the task is held. Anything else that you write becomes a part of the request.</p>`,
  aedev: html`<h2>Before work starts</h2>`,
} as const;

/** aedev's own default is selected at first; a coder's never is, because a person must choose the answer deliberately. */
function questionFields(question: PageQuestion, { asked_by, returned }: QuestionPage): Markup {
  const { text, choices, choice_field, text_field } = question;
  const usual = choices.indexOf(question.default);
  // Without a default, no choice is selected at first.
  const usualValue = question.default === "" ? "" : usual === -1 ? "default" : String(usual);
  const fields = returned?.fields ?? {};
  const selected = Object.hasOwn(fields, choice_field) ? fields[choice_field] : asked_by === "coder" ? "" : usualValue;
  const offered = choices.map((label, index) => ({ label, value: String(index) }));
  const all = usualValue === "default" ? [...offered, { label: question.default, value: "default" }] : offered;
  const radios = all.map(
    ({ label, value }) =>
      html`<label class="choice"><input type="radio" name="${choice_field}" value="${value}"${value === selected ? html` checked` : html``}><span>${label}${value === usualValue ? " (default)" : ""}</span></label>`,
  );
  const own = textField(
    { id: text_field, name: text_field },
    {
      label: all.length === 0 ? "Your answer" : "Or in your own words, instead of the choice",
      required: false,
      value: Object.hasOwn(fields, text_field) ? (fields[text_field] ?? "") : "",
    },
  );
  const quoted = asked_by === "coder" ? html` quoted` : html``;
  return html`<fieldset><legend class="said${quoted}">${text}</legend>${radios}${own}</fieldset>`;
}
