/**
 * The one door through which text leaves the home: into commits, to GitHub, to the push server (SECURITY T38, T41). What a person of the home did not
 * write is inert behind it: nothing in it makes a trailer, steers a CI, closes, refers to or calls anything, is a link or markup, or hides. Sinks
 * take only the two types of this file, and only this file makes them.
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

/** Who wrote a text: a person of the home, in the terminal, on the phone or on a page, whose words act as they stand; or anybody else. */
export type Writer = "home" | "others";

/** A template of aedev's own words for commits and GitHub; only text that has passed the door fits into it. */
export function host(strings: TemplateStringsArray, ...values: readonly (HostText | number)[]): HostText {
  return String.raw({ raw: strings }, ...values) as HostText;
}

/** A template of aedev's own words for a push message. */
export function push(strings: TemplateStringsArray, ...values: readonly (PushText | number)[]): PushText {
  return String.raw({ raw: strings }, ...values) as PushText;
}

/** The texts with a separator of aedev's between them. */
export function joined<T extends HostText | PushText>(texts: readonly T[], separator: string): T {
  return texts.join(separator) as T;
}

/**
 * A text that is composed only of texts that have passed the door and of aedev's own words, or was when the log recorded it: layout that templates can't
 * do. A test lists the callers.
 */
export function composedForHost(text: string): HostText {
  return text as HostText;
}

/** A text of several lines for commits and GitHub. */
export function hostText(text: string, writer: Writer = "others"): HostText {
  const safe = escapeText(text.toWellFormed());
  return (writer === "home" ? safe : withoutActs(safe)) as HostText;
}

/** The same as one line of at most `length` characters. */
export function hostLine(text: string, length: number, writer: Writer = "others"): HostText {
  return escapeLine(hostText(escapeLine(text, length * 2), writer), length) as HostText;
}

/** A text as the one line of a title, which also may not be a trailer of the commits that a host makes of titles. */
export function hostTitle(text: string, writer: Writer = "others"): HostText {
  const line = onOneLine(hostText(onOneLine(text), writer));
  return (writer === "home" ? line : onOneLine(line.replace(titleKey, "$1 - "))) as HostText;
}

/** A text for a push message, as one line of at most `length` characters: without links, and names can be copied. */
export function pushLine(text: string, length: number, writer: Writer = "others"): PushText {
  const line = escapeLine(text, length * 2);
  return escapeLine(writer === "home" ? line : withoutLinks(line), length) as PushText;
}

/** Another author's text in quotation marks that it can't close: anything after them would be in aedev's voice. */
export function pushQuote(text: string, length: number): PushText {
  return push`“${pushLine(text.replace(/["“”„‟〝〞〟＂]/gu, "'"), length)}”`;
}

/**
 * A key and a colon at the start of a title: in the commit that a host makes of it, that is a trailer, with or without a space. Types of conventional
 * commits stay, and so do names such as `std::vector`.
 */
const titleKey =
  /^(?!(?:feat|fix|docs|style|refactor|perf|test|build|ci|chore|revert)\s*:|[a-z0-9]+::[a-z])([a-z0-9-]+)\s*:\s*/i;

/** What a phone makes a link of: addresses with a scheme, and names whose ending is a domain. */
const address =
  /(?<![a-z0-9+.-])(?:[a-z][a-z0-9+.-]{0,30}:\/\/|www[.。．｡․]|(?:mailto|tel|sms|geo|javascript|data|market|intent):)\S*?(?=[)\].,;:!?'"]*(?:\s|$))/gi;
const dotted = /(?<![\p{L}\p{N}_$-])(?:[\p{L}\p{N}_$-]+[.。．｡․])+[\p{L}\p{N}_$-]+/gu;
/** Endings without a registry that stand for a host too. */
const localDomains = new Set("example invalid localhost onion".split(" "));
/** Endings of files that are domains too. Their names keep the dot if they look like a file's and not like a host's. */
const fileEndings = new Set("cc java md mk mov pl ps py rs sh so zip".split(" "));
/** Names of files that repositories have by custom. */
const fileNames = new Set(
  "agents.md changelog.md claude.md contributing.md license.md readme.md security.md conftest.py main.py manage.py setup.py build.rs lib.rs main.rs mod.rs".split(
    " ",
  ),
);

/** Addresses become `[link]`; the dot before an ending that a phone takes for a domain is put into brackets. */
function withoutLinks(text: string): string {
  return text.replace(address, "[link]").replace(dotted, (name: string, index: number, whole: string) => {
    const around = { before: whole.slice(Math.max(0, index - 2), index), after: whole.charAt(index + name.length) };
    const [first = "", ...rest] = name.split(/([.。．｡․])/u);
    let said = first;
    for (let at = 0; at < rest.length; at += 2) {
      const [dot = "", label = ""] = rest.slice(at, at + 2);
      const isLast = at + 2 >= rest.length;
      const isPlain = dot === "." && !isHostPart(label, { name, isLast, ...around });
      said += isPlain || (isLast && dot === "." && isFileName(name, around)) ? dot + label : `[.]${label}`;
    }
    return said;
  });
}

interface Around {
  readonly before: string;
  readonly after: string;
}

/** Whether a label makes what stands before its dot a host: as a domain, as the end of an address of four numbers or of an address of mail. */
function isHostPart(label: string, { name, isLast, before }: Around & { name: string; isLast: boolean }): boolean {
  if (before.endsWith("@")) return /\p{L}/u.test(name);
  if (isLast && /^\d{1,3}(?:\.\d{1,3}){3}$/.test(name)) return true;
  const [ending = ""] = label.toLowerCase().split(/[-$]/);
  return (
    topLevelDomains.has(ending) || localDomains.has(ending) || /[^\p{ASCII}]/u.test(ending) || ending.startsWith("xn")
  );
}

/** A name in a folder, a name that a repository has by custom, or one that no host can have, without a port or path after it. */
function isFileName(name: string, { before, after }: Around): boolean {
  const lower = name.toLowerCase();
  const [, base = "", ending = ""] = /^(.+)\.([^.]+)$/.exec(lower) ?? [];
  if (!fileEndings.has(ending) || before.endsWith("@") || /[/:?#@]/.test(after)) return false;
  return /[\w.-]\/$/.test(before) || base.includes("_") || fileNames.has(lower);
}
