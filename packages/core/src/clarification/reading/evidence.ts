/** A failing test by its name, a command that reproduces the fault, an issue's address: what a person gives as evidence of a fault, turned into what holds once it is gone. */
import { wordingOf } from "../wording/wording.ts";
import { languageOf, widthOf } from "./language.ts";

/** Characters of the evidence that are kept; the words around it fit into a criterion beside them. */
const evidenceCharactersMax = 1800;

/** Bounded, as what stands between two words is below: from each of many beginnings the rest of the text would be gone over again. */
const issueAddress = /\bhttps?:\/\/[^\s)\]>"'，。；）]{1,300}\/(?:issue|bug|browse|ticket)s?\/[\w-]+/i;
const issueNumber = /(?:^|[\s(（])(?:fix(?:es)?|close[sd]?|resolve[sd]?|issue|bug|see|修复|解决|关闭)\s*(#\d+)\b/iu;
const failingTest =
  /\b(?:failing|broken|red) tests?\b|\btests?\b[^\n]{0,200}\b(?:fail|fails|failing|failed|is red|are red|breaks?)\b|测试[^\n]{0,80}(?:失败|不通过|报错|挂了)/iu;
/** Says more of a test than that it fails: it is a criterion as it stands. */
const moreThanFailing =
  /\b(?:pass|passes|passing|green|before)\b|\b(?:add|write|create)\s+(?:(?:a|an|some|the|new)\s+)*tests?\b|通过|新增|添加|编写/iu;
const named =
  /`[^`\n]+`|"[^"\n]{2,}"|“[^”\n]{2,}”|「[^」\n]{2,}」|\w\.(?:test|spec)\.\w+\b|\btest_\w+|\b\w+_test\b|\bTest[A-Z]\w+/u;
const reproduction = /\brepro(?:duce|duces|duced|duction|ducible)?\b|复现|重现/iu;
const shellLine = /^[ \t]*\$[ \t]+(\S.*)$/mu;
const ranCommand =
  /`((?:npx?|pnpm|yarn|node|deno|bun|python3?|pytest|go|cargo|make|bash|sh|curl|git|ruby|php|java|mvn|gradle|dotnet)\s[^`\n]+|\.\/[^`\n]+)`/iu;

/** What a text gives, at most one of each kind; `sentences` are those of it that say nothing else. */
export function evidenceOf(sentences: readonly string[], text: string): string[] {
  const say = wordingOf(languageOf(text)).found;
  const found: string[] = [];
  const test = sentences.find(isFailingTest);
  if (test !== undefined) found.push(say.failingTest(cut(test)));
  const reproduced = shellLine.exec(text)?.[1] ?? (reproduction.test(text) ? ranCommand.exec(text)?.[1] : undefined);
  if (reproduced !== undefined) found.push(say.reproduction(cut(reproduced)));
  const issue = issueAddress.exec(text)?.[0] ?? issueNumber.exec(text)?.[1];
  if (issue !== undefined) found.push(say.issue(cut(issue)));
  return found;
}

/** A given criterion that is nothing but evidence, as what holds once the fault is gone; any other as it stands. */
export function criterionOf(line: string): string {
  const rest = line.replace(issueAddress, "").replace(issueNumber, "").replace(shellLine, "").replace(ranCommand, "");
  if (!isFailingTest(line) && widthOf(rest) > 2) return line;
  const say = wordingOf(languageOf(line)).found;
  const ran = ranCommand.exec(line)?.[1];
  const [evidence] = evidenceOf([line], line);
  return evidence ?? (ran === undefined ? line : say.reproduction(cut(ran)));
}

function isFailingTest(sentence: string): boolean {
  return failingTest.test(sentence) && named.test(sentence) && !moreThanFailing.test(sentence);
}

function cut(text: string): string {
  return text.trim().slice(0, evidenceCharactersMax).toWellFormed();
}
