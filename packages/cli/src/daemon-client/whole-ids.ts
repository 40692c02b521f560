/** Completes abbreviated ids: for the id of a mission, task or hold, a verb accepts its first letters. */
import { escapeLine, Fault } from "@aedev/contracts";
import type { Refused } from "../command-line/answer.ts";
import { refused } from "../command-line/answer.ts";
import type { Verb, VerbInput } from "../command-line/verb.ts";
import type { Session } from "../terminal/session.ts";
import { hasHome } from "./home.ts";
import { readHome } from "./read-home.ts";

/** The letters after the kind in an id that aedev makes; an id of this length is not looked up. */
const wholeLength = 16;
const letters = { mission: "m", task: "t", hold: "h" } as const;
type Kind = keyof typeof letters;

/** The input with whole ids, or a refusal that lists what an abbreviation may mean. An id that no known id starts with stays as it is; the verb reports it. */
export async function withWholeIds(session: Session, verb: Verb, input: VerbInput): Promise<VerbInput | Refused> {
  const kinds = (verb.arguments ?? []).map(({ name }) => kindOf(name));
  const last = kinds.length - 1;
  const whole = new Map<string, string>();
  const options = new Set(
    (verb.options ?? []).flatMap(({ flags }) => (kindOf(flags) === null ? [] : optionName(flags))),
  );
  const given = [
    ...input.arguments().map((text, at) => ({ text, kind: kinds[Math.min(at, last)] ?? null })),
    ...(verb.options ?? []).flatMap(({ flags }) => {
      const kind = kindOf(flags);
      return (input.texts(optionName(flags)) ?? []).map((text) => ({ text, kind }));
    }),
  ];
  for (const { text, kind } of given) {
    if (kind === null || !isAbbreviated(text, kind) || !hasHome(session.home)) continue;
    const found = await idsStarting(session, text);
    if (found.length > 1 && !found.some(({ id }) => id === text)) {
      const list = found.map(({ id, title }) => `\n  ${id}  ${escapeLine(title, 80)}`).join("");
      return refused("ambiguous-id", `${text} is the start of more than one ${kind}:${list}`, `aedev ${kind} list`);
    }
    const [only] = found;
    if (only !== undefined && found.length === 1) whole.set(text, only.id);
  }
  if (whole.size === 0) return input;
  const completed = (text: string) => whole.get(text) ?? text;
  return {
    ...input,
    argument: (index) => completed(input.argument(index)),
    arguments: () => input.arguments().map(completed),
    texts: (option) => (options.has(option) ? input.texts(option)?.map(completed) : input.texts(option)),
  };
}

/** Empty if the home can't be read: the verb itself reports what is wrong with it. */
async function idsStarting(session: Session, text: string): Promise<readonly { id: string; title: string }[]> {
  try {
    return await readHome(session, (home) => home.idsStarting(text));
  } catch (error) {
    if (error instanceof Fault) return [];
    throw error;
  }
}

/** The kind of id, by the placeholder in the help: `<mission>`, `[mission...]`, `<task|file>`. */
function kindOf(placeholder: string): Kind | null {
  const name = /[<[](\w+)/.exec(placeholder)?.[1] ?? "";
  return Object.hasOwn(letters, name) ? (name as Kind) : null;
}

function isAbbreviated(text: string, kind: Kind): boolean {
  const [letter, rest = ""] = text.split("-");
  return (
    letter === letters[kind] && /^[0-9a-z]+$/.test(rest) && rest.length < wholeLength && text.split("-").length === 2
  );
}

function optionName(flags: string): string {
  return /^--([\w-]+)/.exec(flags)?.[1] ?? "";
}
