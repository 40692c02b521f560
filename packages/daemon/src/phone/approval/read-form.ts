/** Reads a form that a browser sent, and separates an operator's token from it before anything else sees it. */
import type { FilledForm } from "./question-form.ts";

const fieldsMax = 32;

/** The form's fields, the first of each name; any other body has none. */
export function readForm({ contentType, body }: { contentType: string | undefined; body: unknown }): FilledForm {
  if (contentType !== "application/x-www-form-urlencoded" || !Buffer.isBuffer(body)) return new Map();
  // Browsers send a line break as two characters.
  return new Map(
    [...new URLSearchParams(body.toString("utf8"))]
      .slice(0, fieldsMax)
      .toReversed()
      .map(([name, text]) => [name, text.replaceAll("\r\n", "\n")]),
  );
}

/** `form` is the part that is read, scanned and shown again if something in it is wrong. */
export function withoutToken(form: FilledForm): { form: FilledForm; operatorToken: string | undefined } {
  const rest = new Map(form);
  rest.delete("operator_token");
  return { form: rest, operatorToken: form.get("operator_token") };
}
