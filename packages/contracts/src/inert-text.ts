/**
 * The one door through which text leaves the home: into commits, to GitHub, to the push server (SECURITY T38, T41). Text of anybody but a person of the
 * home is made inert here: it can't form a trailer, steer a CI, close an issue, refer to or mention anything, be a link or markup, or hide. Sinks accept
 * only the two types of this file, and only this file makes them.
 */
import { escapeLine, escapeText } from "./safe-text.ts";
import { topLevelDomains } from "./top-level-domains.ts";
import { withoutActs } from "./without-acts.ts";
import { onOneLine } from "./words/text-units.ts";

declare const door: unique symbol;
/** Text that may stand in a commit and at GitHub. */
export type HostText = string & { readonly [door]: "host" };
/** Text that may stand in a push message. */
export type PushText = string & { readonly [door]: "push" };

/** Who wrote a text. `home`: a person of the home, in the terminal, on the phone or on a page; their words keep their effects. `others`: anybody else. */
export type Writer = "home" | "others";

/** A template of aedev's own words for commits and GitHub; it accepts only text that has passed the door. */
export function host(strings: TemplateStringsArray, ...values: readonly (HostText | number)[]): HostText {
  return String.raw({ raw: strings }, ...values) as HostText;
}

/** A template of aedev's own words for a push message; it accepts only text that has passed the door. */
export function push(strings: TemplateStringsArray, ...values: readonly (PushText | number)[]): PushText {
  return String.raw({ raw: strings }, ...values) as PushText;
}

/** Joins texts with aedev's own separator. */
export function joined<T extends HostText | PushText>(texts: readonly T[], separator: string): T {
  return texts.join(separator) as T;
}

/**
 * Marks a text as safe that was composed, now or when the log recorded it, only of texts that have passed the door and of aedev's own words. It is for
 * layout that templates can't do. A test lists the callers.
 */
export function composedForHost(text: string): HostText {
  return text as HostText;
}

/** A text of several lines for commits and GitHub. */
export function hostText(text: string, writer: Writer = "others"): HostText {
  const safe = escapeText(text.toWellFormed());
  return (writer === "home" ? safe : withoutActs(safe)) as HostText;
}

/** One line of at most `length` characters for commits and GitHub. */
export function hostLine(text: string, length: number, writer: Writer = "others"): HostText {
  return escapeLine(hostText(escapeLine(text, length * 2), writer), length) as HostText;
}

/** The one line of a title. It also can't be a trailer, because hosts make commits of titles. */
export function hostTitle(text: string, writer: Writer = "others"): HostText {
  const line = onOneLine(hostText(onOneLine(text), writer));
  return (writer === "home" ? line : onOneLine(line.replace(titleKey, "$1 - "))) as HostText;
}

/** One line of at most `length` characters for a push message. It has no links, and its names can be copied. */
export function pushLine(text: string, length: number, writer: Writer = "others"): PushText {
  const line = escapeLine(text, length * 2);
  return escapeLine(writer === "home" ? line : withoutLinks(line), length) as PushText;
}

/** Another author's text in quotation marks that it can't close: any text after them would be read as aedev's own words. */
export function pushQuote(text: string, length: number): PushText {
  return push`“${pushLine(text.replace(/["“”„‟〝〞〟＂]/gu, "'"), length)}”`;
}

/**
 * A key and a colon at the start of a title, with or without a space. In the commit that a host makes of it, that is a trailer. Types of conventional
 * commits stay, and so do names such as `std::vector`.
 */
const titleKey =
  /^(?!(?:feat|fix|docs|style|refactor|perf|test|build|ci|chore|revert)\s*:|[a-z0-9]+::[a-z])([a-z0-9-]+)\s*:\s*/i;

/** Text that a phone turns into a link: addresses with a scheme, and names that end in a domain. */
const address =
  /(?<![a-z0-9+.-])(?:[a-z][a-z0-9+.-]{0,30}:\/\/|www[.。．｡․]|(?:mailto|tel|sms|geo|javascript|data|market|intent):)\S*?(?=[)\].,;:!?'"]*(?:\s|$))/gi;
const dotted = /(?<![\p{L}\p{N}_$-])(?:[\p{L}\p{N}_$-]+[.。．｡․])+[\p{L}\p{N}_$-]+/gu;
/** Endings that no registry has and that stand for a host too. */
const localDomains = new Set("example invalid localhost onion".split(" "));
/** Endings of files that are also domains. Such names keep the dot if they look like a file's name and not like a host's. */
const fileEndings = new Set("cc java md mk mov pl ps py rs sh so zip".split(" "));
/** Files that repositories have by custom. */
const fileNames = new Set(
  "agents.md changelog.md claude.md contributing.md license.md readme.md security.md conftest.py main.py manage.py setup.py build.rs lib.rs main.rs mod.rs".split(
    " ",
  ),
);

/** Addresses become `[link]`. The dot before an ending that a phone takes for a domain is put in brackets. */
function withoutLinks(text: string): string {
  return text.replace(address, "[link]").replace(dotted, (name: string, index: number, whole: string) => {
    const around = { before: whole.slice(Math.max(0, index - 2), index), after: whole.charAt(index + name.length) };
    const [first = "", ...rest] = name.split(/([.。．｡․])/u);
    let safe = first;
    for (let at = 0; at < rest.length; at += 2) {
      const [dot = "", label = ""] = rest.slice(at, at + 2);
      const isLast = at + 2 >= rest.length;
      const isPlain = dot === "." && !isHostPart(label, { name, isLast, ...around });
      safe += isPlain || (isLast && dot === "." && isFileName(name, around)) ? dot + label : `[.]${label}`;
    }
    return safe;
  });
}

interface Around {
  readonly before: string;
  readonly after: string;
}

/** Whether a label makes the text before its dot a host: as a domain, or as the end of an IPv4 or mail address. */
function isHostPart(label: string, { name, isLast, before }: Around & { name: string; isLast: boolean }): boolean {
  if (before.endsWith("@")) return /\p{L}/u.test(name);
  if (isLast && /^\d{1,3}(?:\.\d{1,3}){3}$/.test(name)) return true;
  const [ending = ""] = label.toLowerCase().split(/[-$]/);
  return (
    topLevelDomains.has(ending) || localDomains.has(ending) || /[^\p{ASCII}]/u.test(ending) || ending.startsWith("xn")
  );
}

/** Whether it is a file's name: in a folder, known by custom, or impossible as a host, and without a port or path after it. */
function isFileName(name: string, { before, after }: Around): boolean {
  const lower = name.toLowerCase();
  const [, base = "", ending = ""] = /^(.+)\.([^.]+)$/.exec(lower) ?? [];
  if (!fileEndings.has(ending) || before.endsWith("@") || /[/:?#@]/.test(after)) return false;
  return /[\w.-]\/$/.test(before) || base.includes("_") || fileNames.has(lower);
}
