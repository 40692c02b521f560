/** Turns evidence of a fault (a failing test, a command that reproduces it) into a criterion that is met once the fault is fixed. */
import { shortenText } from "@aedev/contracts/words";
import { textLanguage } from "./reading/language.ts";
import { widthOf } from "./reading/normal-form.ts";
import { wordingOf } from "./wording/wording.ts";

/** The most characters of the evidence to keep, so that a criterion has room for the sentence around it. */
const evidenceCharactersMax = 1800;

/** Lengths are bounded here and below, so that matching stays linear. */
const failingTest =
  /\b(?:failing|broken|red) tests?\b|\btests?\b[^\n]{0,200}\b(?:fail|fails|failing|failed|is red|are red|breaks?)\b|测试[^\n]{0,80}(?:失败|不通过|报错|挂了)|\btests?\b[^\n]{0,200}\b(?:schlägt|schlagen|fehlgeschlagen|rot|échoue(?:nt)?|rouge|falla|fallan|falha|falham)\b|\bteste\b[^\n]{0,200}\b(?:falha|falham|quebra)\b|テスト[^\n]{0,80}(?:失敗|落ち|通らない|赤)|테스트[^\n]{0,80}(?:실패|깨)/iu;
/** Matches a text that describes a test beyond its failing. Such a text is already a criterion. */
const moreThanFailing =
  /\b(?:pass|passes|passing|green|before)\b|\b(?:add|write|create)\s+(?:(?:a|an|some|the|new)\s+)*tests?\b|通过|新增|添加|编写|bestehen|besteht|grün|passe(?:nt)?\b|passar|pasar|pasa\b|通る|成功|통과|追加|추가/iu;
const named =
  /`[^`\n]+`|"[^"\n]{2,}"|“[^”\n]{2,}”|「[^」\n]{2,}」|\w\.(?:test|spec)\.\w+\b|\btest_\w+|\b\w+_test\b|\bTest[A-Z]\w+/u;
const reproduction =
  /\brepro(?:duce|duces|duced|duction|ducible)?\b|复现|重现|再現|재현|reproduzier|reproducir|reproduzir/iu;
const shellLine = /^[ \t]*\$[ \t]+(\S.*)$/mu;
const ranCommand =
  /`((?:npx?|pnpm|yarn|node|deno|bun|python3?|pytest|go|cargo|make|bash|sh|curl|git|ruby|php|java|mvn|gradle|dotnet)\s[^`\n]+|\.\/[^`\n]+)`/iu;

/** Criteria from the evidence in a text, at most one of each kind. `sentences`: sentences that are not criteria already. */
export function statedEvidence(sentences: readonly string[], text: string): string[] {
  const say = wordingOf(textLanguage(text)).found;
  const found: string[] = [];
  const test = sentences.find(isFailingTest);
  if (test !== undefined) found.push(say.failingTest(truncate(test)));
  const reproduced = shellLine.exec(text)?.[1] ?? (reproduction.test(text) ? ranCommand.exec(text)?.[1] : undefined);
  if (reproduced !== undefined) found.push(say.reproduction(truncate(reproduced)));
  return found;
}

/** Rewrites a criterion that is only evidence into what is true once the fault is fixed. Any other criterion stays unchanged. */
export function criterionOf(line: string): string {
  const rest = line.replace(shellLine, "").replace(ranCommand, "");
  if (!isFailingTest(line) && widthOf(rest) > 2) return line;
  const say = wordingOf(textLanguage(line)).found;
  const ran = ranCommand.exec(line)?.[1];
  const [evidence] = statedEvidence([line], line);
  return evidence ?? (ran === undefined ? line : say.reproduction(truncate(ran)));
}

function isFailingTest(sentence: string): boolean {
  return failingTest.test(sentence) && named.test(sentence) && !moreThanFailing.test(sentence);
}

function truncate(text: string): string {
  return shortenText(text.trim(), evidenceCharactersMax).toWellFormed();
}
