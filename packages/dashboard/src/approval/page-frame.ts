/** The frame of every approval page: its head, the bar of buttons with their forms, and the page that shows the result of a tap. */
import {
  type ApprovalPage,
  escapeLine,
  type PageSignIn,
  type ResultPage,
  type ReturnedForm,
  wordsCharactersMax,
} from "@aedev/contracts";
import type { Markup } from "../markup/markup.ts";
import { html } from "./html.ts";
import { approvalStyle } from "./style.ts";

const askedLengthMax = 110;
/** Four lines of a phone, also in scripts with wide characters. The request has a longer title whole. */
export const titleLengthMax = 72;

/** A whole page. `title` is the title of the browser tab. */
export function page(title: string, content: readonly Markup[]): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>${escapeLine(title, 80)} - aedev</title><style>${{ markup: approvalStyle }}</style></head>
<body><main>
${content}
</main></body></html>
`.markup;
}

/** The decision that is asked, what it is about, how long the page can be used, and why a form came back. */
export function head(asked: string, { mission_title, expires_at, returned, demo }: ApprovalPage): Markup {
  const label = demo === true ? html`<p class="fail">A demo: everything here is simulated.</p>` : html``;
  return html`<header>${label}<h1>${escapeLine(asked, askedLengthMax)}</h1><p class="title">${escapeLine(mission_title, titleLengthMax)}</p>${expiry(expires_at)}${returnedNote(returned)}</header>`;
}

/** How long a page can be used. */
export function expiry(expires_at: string): Markup {
  return html`<p class="soft"><small>Valid until <time datetime="${expires_at}">${timeText(expires_at)}</time></small></p>`;
}

/** An instant to the minute. Without a script, a page does not know the reader's time zone. */
function timeText(at: string): string {
  return `${at.slice(0, 16).replace("T", " ")} UTC`;
}

/** Why a form came back; a screen reader reads it out at once. */
export function returnedNote(returned: ReturnedForm | null): Markup {
  return returned === null ? html`` : html`<p class="fail said" role="alert">Not taken: ${returned.problem}</p>`;
}

/** The facts of a decision, each with its name. */
export function facts(rows: readonly { readonly name: string; readonly value: Markup }[]): Markup {
  return html`<dl class="facts">${rows.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** A line that opens to what stands behind it; only the line if there is nothing. */
export function opening(line: Markup, behind: readonly Markup[]): Markup {
  const content = behind.filter(({ markup }) => markup !== "");
  return content.length === 0 ? html`<p>${line}</p>` : html`<details><summary>${line}</summary>${content}</details>`;
}

/** The buttons, which stay at the bottom of the screen. */
export function bar(buttons: readonly Markup[]): Markup {
  return buttons.every(({ markup }) => markup === "")
    ? html``
    : html`<section class="bar" aria-label="Decide">${buttons}</section>`;
}

/** A form that posts to the page's own address with its token, so that it works behind any public URL. Empty without a token. */
export function tokenForm(token: string | null, content: Markup): Markup {
  return token === null ? html`` : html`<form method="post" action="?token=${token}">${content}</form>`;
}

/** A button that opens the form with its fields. `isOpen`: the form is open at first. */
export function sheet(
  token: string | null,
  { label, tone, isOpen }: { label: string; tone: "approve" | "reject" | ""; isOpen: boolean },
  content: Markup,
): Markup {
  if (token === null) return html``;
  return html`<details name="decision"${isOpen ? html` open` : html``}><summary class="button ${tone}">${label}</summary>${tokenForm(token, content)}</details>`;
}

/** A labelled field for a person's text. */
export function textField(
  { id, name }: { id: string; name: string },
  { label, required, value }: { label: string; required: boolean; value: string },
): Markup {
  return html`<label for="${id}">${label}</label><textarea id="${id}" name="${name}" maxlength="${wordsCharactersMax}"${required ? html` required` : html``}>${html`${leadingBreak}${value}`}</textarea>`;
}

/** A browser drops the first line break of a text area. */
export const leadingBreak: Markup = { markup: "\n" };

/** The field for an operator's token. Each form has its own field, because a browser sends only the fields of the submitted form. */
export function signInField(signIn: PageSignIn, isRequired: boolean): Markup {
  if (signIn === "none") return html``;
  const label = isRequired ? "Your operator's token (needed)" : "Your operator's token (optional; names you)";
  const required = isRequired ? "required" : "";
  return html`<label>${label}<input type="password" name="operator_token" autocomplete="current-password" maxlength="200" ${required}></label>`;
}

/** The page that shows the result of a tap, or why a link no longer works. */
export function renderResultPage({ title, message, next, commands }: ResultPage): string {
  const lines = commands.map((line) => html`<li><code>${line}</code></li>`);
  const help = lines.length === 0 ? html`` : html`<h2>At the terminal</h2><ul class="plain">${lines}</ul>`;
  const then = next === null ? html`` : html`<h2>What is next</h2><p>${next}</p>`;
  return page(title, [html`<h1>${title}</h1><p>${message}</p>`, then, help]);
}
