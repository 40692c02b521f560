/**
 * Finds the exact things that a request names, in any language: code, paths, symbols, routes, versions, measures, quoted texts, errors. Lengths are
 * bounded so that matching stays linear.
 *
 * Folder: what a text names exactly, in any language: code, paths, versions, quotes, criteria.
 */

import { hasDense } from "./normal-form.ts";

/** The kind of an exact thing. */
export type AnchorKind =
  | "block"
  | "trace"
  | "code"
  | "quote"
  | "link"
  | "ticket"
  | "path"
  | "route"
  | "flag"
  | "package"
  | "symbol"
  | "error"
  | "version"
  | "measure"
  | "literal"
  | "number"
  | "name"
  | "arrow";

export interface TextAnchor {
  readonly kind: AnchorKind;
  readonly text: string;
  readonly at: number;
}
export interface Anchored {
  /** In the order of the text. */
  readonly anchors: readonly TextAnchor[];
  /** The text with each anchor replaced by a mark, so that only prose is left. */
  readonly prose: string;
}

/** Replaces an anchor in the prose. */
export const anchorMark = "\u00a4";

const extensions =
  "[cm]?[jt]sx?|py|go|rs|java|kts?|c|h|cc|cpp|hpp|cs|rb|php|swift|scala|ex|exs|erl|hs|lua|pl|r|dart|zig|sh|bash|fish|ps1|sql|md|mdx|rst|adoc|txt|json5?|ya?ml|toml|ini|cfg|conf|css|s[ac]ss|less|html?|vue|svelte|astro|xml|svg|png|jpg|pdf|proto|graphql|gql|tf|lock|mk|gradle|ipynb|tex|csv|tsv|properties|env|m|mm|jsp|twig|erb|log|plist|bat|orig|bak|tmp|parquet|service|nix|jar";
const folders =
  "src|lib|libs|test|tests|spec|docs?|scripts?|packages?|apps?|bin|cmd|internal|pkg|config|server|client|web|api|public|static|components?|pages|routes|views|models|controllers|examples?|tools|include|frontend|backend|core|cli|migrations|assets|styles|infra|deploy|charts|services|utils|locales?|i18n|third_party|vendor|firmware|modules";
const word = "\\p{Script=Latin}\\p{N}_";
const units =
  "ms|milliseconds?|s|sec|secs|seconds?|sekunden?|secondes?|segundos?|min|mins|minutes?|minuten?|minutos?|h|hours?|stunden?|heures?|horas?|days?|tagen?|jours?|d[ií]as?|dias?|weeks?|wochen?|semaines?|semanas?|[kmgt]i?b|bytes?|kb/s|mb/s|px|r?em|%|percent|prozent|x|times|fps|rps|qps|chars?|characters?|zeichen|caract[eè]res?|caracteres|lines?|zeilen?|lignes?|l[ií]neas?|linhas?|rows?|items?|entries|requests?|retries|mal|fois|veces|vezes|cores?|workers?|threads?|dpi|hz|秒|毫秒|分钟|分|小时|时间|时|天|日|周|倍|次|个|条|行|字符|字|位|件|回|人|時間|文字|桁|초|분|시간|일|개|건|회|번|배|줄|자|명";

/** A part of the form of a date or a time: DD, MM, YYYY, JJJJ, AAAA, hh, mm. */
const dates = "(?:DD?|MM?|YY(?:YY)?|AA(?:AA)?|JJ(?:JJ)?|TT?|HH?|SS|dd?|mm?|yy(?:yy)?|hh?|ss)";

/** Each pattern matches only text that the earlier patterns left. */
const patterns: readonly (readonly [AnchorKind, RegExp])[] = [
  ["block", /```[^\n]{0,40}\n?[\s\S]*?(?:```|$)/gu],
  [
    "code",
    /`[^`\n]{1,300}`|(?<![\p{L}\p{N}])s\/[^/\n]{1,80}\/[^/\n]{0,80}\/[gi]{0,2}|\bhttps?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])[^\s)\]>"'，。；）、」]{0,300}/gu,
  ],
  ["link", /\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s)\]>"'，。；）、」]{1,500}/giu],
  [
    "quote",
    /"[^"\n]{1,200}"|“[^”\n]{1,200}”|„[^“”"\n]{1,200}[“”"]|«[^»\n]{1,200}»|「[^」\n]{1,200}」|『[^』\n]{1,200}』|(?<![\p{L}\p{N}])'[^'\n]{1,200}'(?![\p{L}\p{N}])|‘[^’\n]{1,200}’|‹[^›\n]{1,200}›/gu,
  ],
  // A mail address or a handle is not a place; a handle may own code.
  ["package", new RegExp(`(?<![${word}@./-])@[a-z][\\w.-]{1,80}(?:/[\\w.-]{1,80})?`, "giu")],
  [
    "ticket",
    new RegExp(
      `(?<![${word}&])#\\d{1,7}\\b|(?<![${word}-])[A-Z]{2,10}-\\d{1,6}(?![${word}-])|(?<![${word}-])(?:INC|REQ|CHG|TASK)\\d{4,10}(?![${word}-])`,
      "gu",
    ),
  ],
  ["route", /\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+\/[^\s,;，。）)]{0,200}(?<!\?)/gu],
  // Keys on a keyboard, and forms of dates and times.
  [
    "literal",
    new RegExp(
      `(?<![${word}])(?:(?:Ctrl|Control|Strg|Cmd|Command|Alt|AltGr|Option|Shift|Umschalt|Maj|May[uú]s|Meta|Super|[⌘⌥⇧⌃])\\s?[+-]\\s?){1,3}[\\p{L}\\p{N}]{1,12}(?![${word}])|(?<![${word}])(?:Esc|F(?:[1-9]|1[0-2]))(?![${word}-])|(?<![${word}])${dates}(?:[./:-]${dates}){1,2}(?![${word}./-])`,
      "gu",
    ),
  ],
  [
    "path",
    new RegExp(
      `(?<![${word}@./~-])[\\p{L}\\p{N}_@.~*{}\\[\\]-]{0,80}(?:/[\\p{L}\\p{N}_@.~*{}\\[\\]-]{1,80}){0,12}[\\p{L}\\p{N}_*-]\\.(?:${extensions})(?![${word}])(?::\\d{1,6})?`,
      "giu",
    ),
  ],
  ["path", new RegExp(`(?<![${word}@./~-])(?:${folders})/(?:[${word}@./*{}-]{0,200})`, "giu")],
  ["path", new RegExp(`(?<![${word}@./-])[${word}@.-]{2,80}/(?=$|[^${word}/])`, "gu")],
  ["route", new RegExp(`(?<![${word}@./~<-])(?:~|\\.{1,2})?/[\\p{L}_:{][${word}@./:{}?=&*-]{0,200}(?<!\\?)`, "gu")],
  ["path", new RegExp(`(?<![${word}@./-])\\.[a-z][a-z0-9_-]{2,30}(?:\\.[a-z]{2,10})?(?![${word}/])`, "giu")],
  [
    "path",
    new RegExp(
      `(?<![${word}-])(?:README|CHANGELOG|CONTRIBUTING|LICENSE|CODEOWNERS|Dockerfiles?|Makefile|Gemfile|Podfile|Procfile|Jenkinsfile|Vagrantfile|Rakefile|Cargo|tsconfig)(?![${word}])`,
      "gu",
    ),
  ],
  ["flag", new RegExp(`(?<![${word}-])--?[a-z][a-z0-9-]{0,60}(?:=[^\\s,;，。]{1,80})?`, "giu")],
  [
    "error",
    new RegExp(
      `(?<![${word}])(?:[A-Za-z][\\w.]{0,80})?(?:Error|Exception)(?![${word}])|(?<![${word}])E[A-Z]{4,14}(?![${word}])|(?<![${word}])SIG[A-Z]{3,6}(?![${word}])`,
      "gu",
    ),
  ],
  ["symbol", new RegExp(`(?<![${word}])[${word}.:$]{1,100}\\([^()\\n]{0,120}\\)`, "gu")],
  ["symbol", new RegExp(`(?<![${word}])[${word}]{1,80}(?:(?:::|->|#|\\$)[${word}]{1,80})+`, "gu")],
  [
    "symbol",
    new RegExp(
      `(?<![${word}])(?:[a-z]{2,60}[A-Z][${word}]{0,80}|[A-Z][a-z0-9]{1,60}[A-Z][${word}]{0,80}|[A-Z]{2,20}[a-z]{2,}[${word}]{0,60})(?:\\.[${word}]{1,80}){0,4}`,
      "gu",
    ),
  ],
  [
    "symbol",
    new RegExp(
      `(?<![${word}])[\\p{Script=Latin}\\p{N}]{1,60}(?:_+[\\p{Script=Latin}\\p{N}]{1,60})+(?:\\.[${word}]{1,80}){0,4}`,
      "gu",
    ),
  ],
  [
    "version",
    new RegExp(
      `(?<![${word}.])(?:v|[\\^~]|[<>]=?\\s?)?\\d{1,5}(?:\\.\\d{1,5}){2,3}(?:-[\\w.]{1,20})?(?![${word}])|(?<![${word}.])(?:v\\d{1,4}(?:\\.\\d{1,5})?|[\\^~]\\d{1,4}(?:\\.\\d{1,5})?|\\d{1,5}(?:\\.x){1,2})(?![${word}])`,
      "giu",
    ),
  ],
  ["symbol", new RegExp(`(?<![${word}.])[a-z][${word}-]{1,60}(?:\\.[a-z][${word}-]{1,60}){1,6}(?![${word}])`, "giu")],
  [
    "literal",
    new RegExp(
      `(?<![${word}-])(?:null|undefined|NaN|true|false|None|nil|NULL|TRUE|FALSE|stdout|stderr|stdin)(?![${word}-])|\\[\\]|\\{\\}|#[0-9a-f]{6}\\b|(?<![${word}])0x[0-9a-f]{1,16}`,
      "gu",
    ),
  ],
  ["measure", new RegExp(`(?<![${word}.,])\\d{1,9}(?:[.,]\\d{1,9})?\\s?(?:${units})(?![\\p{Script=Latin}])`, "giu")],
  ["number", new RegExp(`(?<![${word}#])\\d{1,12}(?:[.,:/-]\\d{1,12}){0,5}(?![${word}])`, "gu")],
  ["arrow", /->|=>|→|⇒|⟶|➜/gu],
  [
    "name",
    new RegExp(
      `(?<![${word}-])(?:[A-Z]{2,5}\\d{0,3}|[A-Z]{1,6}\\d{2,6}|(?=[a-f]*\\d)(?=\\d*[a-f])[0-9a-f]{7,40}|[a-z]{1,20}(?:-[a-z0-9]{1,20}){2,6})(?![${word}-])`,
      "gu",
    ),
  ],
];
/** Tools and techniques that developers write in lower case. */
const known =
  /(?<![\p{Script=Latin}\p{N}_-])(?:gzip|brotli|nginx|docker|compose|redis|prettier|eslint|black|ruff|isort|gofmt|rustfmt|clippy|mypy|tsconfig|webpack|vite|rollup|babel|jest|vitest|mocha|pytest|cypress|playwright|husky|lodash|axios|jquery|moment|dayjs|react|vue|angular|svelte|express|fastapi|django|flask|rails|hibernate|maven|gradle|npm|pnpm|yarn|pip|poetry|composer|cargo|helm|terraform|jenkins|postgres|mysql|sqlite|mongodb|kafka|rabbitmq|elasticsearch|grafana|prometheus|sentry|storybook|swagger|openapi|oauth|jwt|cors|csrf|graphql|grpc|tailwind|bootstrap|sass|typescript|node|python|java|kotlin|golang|ruby|php|csv|json|yaml|xml|pdf|imports?|hooks|mock|debounce)(?![\p{Script=Latin}\p{N}_-])/giu;
const product =
  /^(?:GitHub|GitLab|JavaScript|TypeScript|PostgreSQL|MySQL|GraphQL|YouTube|LinkedIn|PayPal|OpenAI|ChatGPT|WordPress|DevOps|macOS|eBay|iOS|iPhone|iPad|AngularJS|and\/or|e\.g|i\.e|z\.b|u\.a|p\.ex|ex\.|etc\.?)$/iu;
const latinName = /(?<![\p{Script=Latin}\p{N}_-])[A-Za-z][A-Za-z0-9.+-]{2,40}/gu;
const trace = /^[ \t]{0,20}(?:at |File "|Traceback|Caused by)|(?<![\w.])[\w.]{0,80}(?:Error|Exception)[ \t]?[:({]/mu;

/** Anchors in the order of the text. */
export function anchorsOf(text: string): Anchored {
  const found: TextAnchor[] = [];
  let rest = text;
  for (const [kind, pattern] of patterns)
    rest = rest.replace(pattern, (match: string, ...groups: unknown[]) => {
      const trimmed = match.trim();
      if (kind === "symbol" || kind === "name" || kind === "route") {
        if (product.test(trimmed)) return match.replaceAll("/", " ");
      }
      const at = groups.findLast((group) => typeof group === "number") as number;
      found.push({ kind, text: trimmed, at });
      if (kind === "name") return match;
      // The replacement has the same length, so that positions stay those of the text.
      return `${anchorMark}${" ".repeat(Math.max(0, match.length - 1))}`;
    });
  // A Latin word between characters of a dense script is a name.
  if (hasDense(rest))
    for (const match of rest.matchAll(latinName)) found.push({ kind: "name", text: match[0], at: match.index });
  else for (const match of rest.matchAll(known)) found.push({ kind: "name", text: match[0], at: match.index });
  if (trace.test(text)) found.push({ kind: "trace", text: "", at: text.length });
  const anchors = found.toSorted((left, right) => left.at - right.at);
  return { anchors, prose: rest };
}
