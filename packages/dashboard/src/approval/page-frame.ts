/** The frame of every approval page, the forms behind its buttons, and the page that shows the result of a tap. */
import {
  type ApprovalPage,
  escapeLine,
  type ResultPage,
  type ReturnedForm,
  wordsCharactersMax,
} from "@aedev/contracts";
import type { Markup } from "../markup/markup.ts";
import { html } from "./html.ts";
import { approvalStyle } from "./style.ts";

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

/** A form that posts to the page's own address with its token, so that it works behind any public URL. Empty without a token. */
export function tokenForm(token: string | null, content: Markup): Markup {
  return token === null ? html`` : html`<form method="post" action="?token=${token}">${content}</form>`;
}

/** Title, how long the page can be used, and why a form came back. */
export function head({ mission_title, expires_at, returned }: ApprovalPage): Markup {
  return html`<h1>${mission_title}</h1>${expiry(expires_at, "for one decision")}${returnedNote(returned)}`;
}

/** How long a page can be used, and for which purpose. */
export function expiry(expires_at: string, what: string): Markup {
  return html`<p><small>Valid until <time datetime="${expires_at}">${expires_at.slice(0, 16).replace("T", " ")} UTC</time>, ${what}.</small></p>`;
}

/** Why a form came back; a screen reader reads it out at once. */
export function returnedNote(returned: ReturnedForm | null): Markup {
  return returned === null ? html`` : html`<p class="fail said" role="alert">Not taken: ${returned.problem}</p>`;
}

/** The part of a page with the decisions. */
export function decisions(forms: readonly Markup[]): Markup {
  return html`<section><h2>Decide</h2>${forms}</section>`;
}

/** A labelled field for a person's text. */
export function textField(
  { id, name }: { id: string; name: string },
  { label, required, value }: { label: string; required: boolean; value: string },
): Markup {
  return html`<label for="${id}">${label}</label><textarea id="${id}" name="${name}" maxlength="${wordsCharactersMax}"${required ? html` required` : html``}>${html`${leadingBreak}${value}`}</textarea>`;
}

/** A browser drops the first line break of a text area. */
const leadingBreak: Markup = { markup: "\n" };

/** The page that shows the result of a tap, or why a link no longer works. */
export function renderResultPage({ title, message, commands }: ResultPage): string {
  const lines = commands.map((line) => html`<li><code>${line}</code></li>`);
  const help = lines.length === 0 ? html`` : html`<h2>At the terminal</h2><ul>${lines}</ul>`;
  return page(title, [html`<h1>${title}</h1><p>${message}</p>`, help]);
}
