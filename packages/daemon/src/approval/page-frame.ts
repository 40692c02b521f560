/** What every approval page has in common: the frame, the forms behind its buttons, and the pages that say how a tap ended. */
import { type ApprovalSubject, escapeLine } from "@aedev/core";
import { html, type Markup } from "./page-markup.ts";
import { style } from "./page-style.ts";

/** A whole page. `title` also stands in the reader's tab. */
export function page(title: string, content: readonly Markup[]): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>${escapeLine(title, 80)} - aedev</title><style>${{ markup: style }}</style></head>
<body><main>
${content}
</main></body></html>
`.markup;
}

/** A form that posts to this same address with another token, so that it works behind any public URL. */
export function tokenForm(token: string, content: Markup): Markup {
  return html`<form method="post" action="?token=${token}">${content}</form>`;
}

/** How a tap ended, or why a link shows nothing. `next`: commands for the terminal. */
export function resultPage(
  { title, message }: { title: string; message: string },
  next: readonly string[] = [],
): string {
  const lines = next.map((line) => html`<li><code>${line}</code></li>`);
  const help = lines.length === 0 ? html`` : html`<h2>At the terminal</h2><ul>${lines}</ul>`;
  return page(title, [html`<h1>${title}</h1><p>${message}</p>`, help]);
}

/** The commands that show and decide a subject at the terminal. */
export function commandsFor(subject: ApprovalSubject): string[] {
  const { mission_id, task_id } = { task_id: null, ...subject };
  if (subject.kind === "landing") return [`aedev task show ${task_id}`, `aedev task approve ${task_id}`];
  if (task_id !== null) return [`aedev task show ${task_id}`, "aedev status"];
  const decides = subject.kind === "question" ? "answer" : "approve";
  return [`aedev mission show ${mission_id}`, `aedev mission ${decides} ${mission_id}`];
}
