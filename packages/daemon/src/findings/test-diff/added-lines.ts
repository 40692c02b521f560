/** Tells whether a change to a text with rows in a form of its own, such as a timetable, only adds rows that look like those that it has. Pure. */

import { hasControls } from "@aedev/contracts";
import { isCodeFile } from "@aedev/languages";

const addedMax = 200;
/** Formats with more structure than lines, settings, and texts that people read. */
const otherFormat =
  /\.(?:jsonc?|json5|jsonl|ndjson|ya?ml|toml|xml|html?|svg|css|s[ac]ss|less|ini|cfg|conf|config|env|properties|lock|mod|sum|md|mdx|rst|adoc|tex|proto|sql|graphql|gql|snap|patch|diff|csv|tsv|po|pem|key|crt|in|template|tmpl|tpl|j2|hbs|mustache|ejs|erb|mk|cmake|gradle|bat|cmd)$|(?:^|\/)(?:\.[^/]*|[^./]*|CMakeLists\.txt)$|(?:^|\/)(?:requirements|constraints)[^/]*$|(?:^|\/)requirements\//iu;
/** What builds code, and code of which no rule here knows more. */
const codeFormat =
  /\.(?:cl[js]|cljc|edn|zsh|fish|nix|bzl|bazel|star|gemspec|pth|pm|mli|vb|tcl|awk|el|lisp|scm|rkt|hh)$/iu;
/** A file by such a name says what of something else counts. */
const decidingName = /skip|fail|ignore|allow|deny|block|exclude|expected_|known|todo|white|black/iu;
/** What may decide about other lines. */
const deciding =
  /\b(?:skip\w*|only|solo|focus\w*|ignor\w*|todo|pending|stop\w*|end|exit|quit|abort|off|on|disabled?|enabled?|includ\w*|import|set|unset|default|mode|strict|lenient|tolerance|pragma|noqa|xfail)\b/iu;
/** So many lines make a form of rows. */
const rowsMin = 3;

/** Every old line is there in its order, and each new one, behind the first, has several words in the form of at least three old ones, or is a comment as the text has them. */
export function addsOnlyLines(path: string, before: string, after: string): boolean {
  if (isCodeFile(path) || otherFormat.test(path) || codeFormat.test(path) || decidingName.test(path)) return false;
  if (hasControls(`${before}${after}`.replaceAll(/[\n\t]/gu, ""))) return false;
  const [old, young] = [linesOf(before), linesOf(after)];
  const added: string[] = [];
  let at = 0;
  for (const line of young) {
    if (line === old[at]) at += 1;
    else if (at === 0 || added.push(line) > addedMax) return false;
  }
  if (at < old.length || added.length === 0) return false;
  const forms = Map.groupBy(old, formOf);
  const known = new Set(old);
  const comment = /^(?:#|\/\/|--|;|%) /u;
  const mark = old.find((line) => comment.test(line))?.slice(0, 2);
  return added.every((line) => {
    if (deciding.test(line)) return false;
    if (mark !== undefined && line.startsWith(mark) && comment.test(line)) return true;
    if (!/\S\s+\S/u.test(line) || isRepeatedSetting(line, old)) return false;
    const rows = forms.get(formOf(line)) ?? [];
    return rows.length >= rowsMin && /\w/u.test(line) && !known.has(line) && isFreeKey(line, rows);
  });
}

const linesOf = (text: string) => text.replace(/\n$/u, "").split("\n");

/** Letters as `a`, digits as `0`, and any blanks as one. */
const formOf = (line: string) =>
  line
    .replaceAll(/\p{L}+/gu, "a")
    .replaceAll(/\d+/gu, "0")
    .replaceAll(/[ \t]+/gu, " ");

/** A row that starts as another one could stand in its place, unless there are such rows. */
function isFreeKey(line: string, rows: readonly string[]): boolean {
  const keyOf = (row: string) => /^\s*\S+/u.exec(row)?.[0] ?? "";
  const keys = rows.map(keyOf);
  return !keys.includes(keyOf(line)) || new Set(keys).size < keys.length;
}

/** `key: value` or `key = value` where several lines have the key: a later one may replace an earlier one. */
function isRepeatedSetting(line: string, lines: readonly string[]): boolean {
  const keyOf = (text: string) => /^\s*["']?(\p{L}[\w.-]*)["']?\s*[:=]/u.exec(text)?.[1];
  const key = keyOf(line);
  return key !== undefined && lines.filter((one) => keyOf(one) === key).length >= 2;
}
