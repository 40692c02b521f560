/** The frame of every approval page, the forms behind its buttons, and the page that shows the result of a tap. */
import { escapeLine, type ResultPage } from "@aedev/contracts";
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

/** The page that shows the result of a tap, or why a link no longer works. */
export function renderResultPage({ title, message, commands }: ResultPage): string {
  const lines = commands.map((line) => html`<li><code>${line}</code></li>`);
  const help = lines.length === 0 ? html`` : html`<h2>At the terminal</h2><ul>${lines}</ul>`;
  return page(title, [html`<h1>${title}</h1><p>${message}</p>`, help]);
}
