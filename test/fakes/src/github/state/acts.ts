/**
 * How GitHub, CIs and bots act on a text: issues that it closes or refers to, people that it mentions, links and markup that it shows, runs that it skips.
 * Written from their documentation, independently of how aedev treats such texts.
 */

/** Where a text is: in a commit's message, in visible Markdown, or in the title of a pull request or check. */
export type TextPlace = "commit" | "markdown" | "title";
export interface Act {
  readonly kind: "closes" | "refers" | "calls" | "links" | "renders" | "skips" | "credits" | "commands" | "hides";
  readonly what: string;
}

/** The start of a word; an underscore of emphasis is not part of it. */
const start = "(?<![\\p{L}\\p{N}])";
const reference = new RegExp(
  `(?:${start}https?:\\/\\/[\\w.:-]+\\/[\\w.-]+\\/[\\w.-]+\\/(?:issues|pull)\\/\\d+|(?:[\\w.-]+\\/[\\w.-]+)?#\\d+|${start}GH-\\d+)(?!\\d)`,
  "giu",
);
const closing = new RegExp(
  `${start}(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?|implement(?:s|ed)?):?[\\s\`*_[(]+(?:(?:issue|task|bug)\\s+)?(?:${reference.source}|[A-Z][A-Z0-9]+-\\d+|T\\d+)`,
  "giu",
);
const skipping =
  /\[[\s]*(?:(?:skip|no)[\s._-]+(?:ci|cd|actions?|build|deploy|netlify|vercel|render|travis|circleci|appveyor|azurepipelines|release|checks?)|(?:ci|cd|actions?|netlify|vercel|render|travis|appveyor|azurepipelines|cf-pages|release|dependabot)[\s._-]+skip|noci|nobuild|skipci|ciskip|major|minor|patch)[\s]*\]|\((?:major|minor|patch)\)|\+semver:\s?(?:breaking|major|feature|minor|fix|patch|none|skip)|\*\*\*NO_CI\*\*\*|^[_*]?(?:skip|request)-checks:|\bci\.skip\b|BREAKING[ -]CHANGE:|^\w+(?:\([^)]*\))?!:|^(?:fixup|squash|amend)!|This reverts commit [0-9a-f]{7,40}/gim;

/** Every effect of a text in this place. */
export function actsIn(text: string, place: TextPlace): Act[] {
  const visible = place === "markdown" ? visibleMarkdown(text) : text;
  const found = (kind: Act["kind"], said: string, pattern: RegExp): Act[] =>
    [...said.matchAll(pattern)].map(([what]) => ({ kind, what }));
  return [
    ...found("closes", visible, closing),
    ...found("refers", visible, reference),
    ...found("refers", visible, /\[(?:sc|ch)-?\d+\]|(?<![\p{L}\p{N}])ENG-\d+|(?<!\w)!\d+/giu),
    ...found("calls", visible, /(?<![\w`@/.])@[a-z0-9][a-z0-9-]*(?:\/[\w.-]+)?/gi),
    ...found(
      "links",
      visible,
      /(?<![\p{L}\p{N}])(?:(?:https?|ftp):\/\/[^\s<]+|www\.[\w-]+\.[\w.-]+|(?:mailto|xmpp):[^\s<]+)|[\w.+-]+@[\w-]+\.[\w.-]+/giu,
    ),
    ...(place === "commit"
      ? []
      : found("renders", visible, /!?\[[^\]]*\]\([^)]*\)|^ {0,3}\[[^\]]+\]:\s*\S+|<\/?[a-z][^>]*>/gim)),
    ...(place === "markdown" ? found("renders", visible, /&#?\w+;/g) : []),
    // A squashed or merged pull request makes commits of title and body, and bots read the source of comments.
    ...found("skips", text, skipping),
    ...found(
      "credits",
      text,
      /(?<![\p{L}\p{N}-])(?:co-authored|signed-off|reviewed|acked|tested|reported)-by[ \t]*:|^(?!aedev-)[a-z]+-[a-z-]+:/gimu,
    ),
    ...found(
      "commands",
      text,
      /^[ \t>]*(?:\/[a-z-]+(?=\s|$)(?<!^\/aedev)|bors\b)|\bretest this please\b|\bok to test\b|\badd to whitelist\b/gim,
    ),
    ...found("hides", text, /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u{e0000}-\u{e007f}]/gu),
  ];
}

/** Numbers of the repository's issues that a message closes once it is on the default branch. */
export function closedBy(message: string, fullName: string): number[] {
  const numbers = actsIn(message, "commit")
    .filter(({ kind }) => kind === "closes")
    .flatMap(({ what }) => {
      const [, name = fullName, number = ""] =
        /(?:([\w.-]+\/[\w.-]+?)(?:\/(?:issues|pull)\/|#)|#|GH-)(\d+)$/i.exec(what) ?? [];
      return name.toLowerCase().endsWith(fullName.toLowerCase()) && number !== "" ? [Number(number)] : [];
    });
  return [...new Set(numbers)];
}

/** Markdown without its code, in which GitHub mentions nobody, refers to nothing and closes nothing. */
export function visibleMarkdown(markdown: string): string {
  return markdown
    .replace(/^<!-- aedev [^>]*-->$/gm, "")
    .replace(/^(`{3,})[^`\n]*\n[\s\S]*?\n\1`*$/gm, "")
    .replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, "");
}
