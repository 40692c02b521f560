/** Parses the action buttons of a push message in both forms that ntfy accepts: a JSON array, and the short form `http, Label, https://…, method=POST; view, …`. */
import { z } from "zod";

const actionsMax = 3;
export const actionSchema = z.looseObject({
  action: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["view", "broadcast", "http"])),
  label: z.string().min(1),
  url: z.string().default(""),
  clear: z.boolean().default(false),
  method: z.string().toUpperCase().default(""),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(""),
});
/** An empty `method` means POST. */
export type Action = z.infer<typeof actionSchema>;

/** Throws an `Error` with the reason if the text is not a list of at most three actions. */
export function parseActions(text: string): Action[] {
  const trimmed = text.trim();
  const found = trimmed.startsWith("[") ? (JSON.parse(trimmed) as unknown) : parseShortForm(trimmed);
  const actions = z.array(actionSchema).max(actionsMax).parse(found);
  for (const { action, url, method, body } of actions) {
    if (action !== "broadcast" && url === "") throw new Error(`parameter 'url' is required for action '${action}'`);
    if ((method === "GET" || method === "HEAD") && body !== "") throw new Error(`parameter 'body' cannot be set`);
  }
  return actions;
}

const placeNames = ["action", "label", "url"];

function parseShortForm(text: string): Record<string, unknown>[] {
  return splitSections(text).map((sections) => {
    const action: Record<string, unknown> = {};
    const headers: Record<string, string> = {};
    for (const [index, { key: given, value }] of sections.entries()) {
      const key = given ?? placeNames[index] ?? "";
      if (key.startsWith("headers.")) headers[key.slice("headers.".length)] = value;
      else if (key === "clear") action["clear"] = ["true", "yes", "1"].includes(value.toLowerCase());
      else if (["action", "label", "url", "method", "body"].includes(key)) action[key] = value;
      else throw new Error(`term '${value}' unknown`);
    }
    return { ...action, headers };
  });
}

interface Section {
  readonly key: string | undefined;
  readonly value: string;
}

/** Actions end at `;` and their sections at `,`. A quoted value may contain both, with its own quote escaped by a backslash. */
function splitSections(text: string): Section[][] {
  const actions: Section[][] = [[]];
  let rest = text;
  while (rest.trim() !== "") {
    rest = rest.trimStart();
    const key = /^([-.\w]+)\s*=\s*/.exec(rest);
    rest = rest.slice(key?.[0].length ?? 0);
    const quoted = /^"((?:[^"\\]|\\.)*)"\s*|^'((?:[^'\\]|\\.)*)'\s*/s.exec(rest);
    const plain = /^[^,;]*/.exec(rest)?.[0] ?? "";
    const value = quoted === null ? plain.trim() : (quoted[1] ?? quoted[2] ?? "").replace(/\\(["'])/g, "$1");
    rest = rest.slice(quoted?.[0].length ?? plain.length);
    const end = rest[0];
    if (end !== undefined && end !== "," && end !== ";") throw new Error(`unexpected character '${end}'`);
    actions.at(-1)?.push({ key: key?.[1], value });
    rest = rest.slice(1);
    if (end === ";" && rest.trim() !== "") actions.push([]);
  }
  return actions;
}
