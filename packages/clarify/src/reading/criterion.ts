/** Decides what counts as an acceptance criterion: it must be long enough, not like "it works", and observable if it is vague. */
import type { ClarificationRules } from "@aedev/contracts";
import { textLanguage } from "./language.ts";
import { unboundedWordsIn, vagueWordsIn } from "./loose-words.ts";
import { hasDense, normalized, widthOf } from "./normal-form.ts";
import { namesPlace } from "./place.ts";
import { findWords, wordsOf } from "./words.ts";

/** The length of the shortest criterion; scripts without spaces need half. */
export const criterionWidthMin = 12;

/** Words without information: "everything should work fine now" says nothing. */
const fillers = new Set(
  (
    "a all also am an and app application are be been bug bugs can code correct correctly done everything feature fine fixed good great " +
    "has have i is issue issues it its just know let like me my nice no now ok okay our please problem problems program properly really " +
    "should simply so still sure that the there these thing things this those to very want we well will work working works would again as " +
    "expected must make makes error errors without no any anything more anymore gone perfect perfectly normal normally right intended required " +
    "wanted agreed discussed described determined decided defined solved resolved finished complete completed completely fully function " +
    "functions functioning behave behaves behaving run runs running did do does doing always never what he she they you me later soon " +
    "above below details yesterday tomorrow yes lgtm na n see for"
  ).split(" "),
);
const denseFillers =
  /应该|应当|必须|需要|可以|能够|能|要|就|都|了|的|一切|全部|所有|正常|运行|工作|使用|用|好|行|没|有|问题|程序|应用|功能|代码|即可|完成|修复|这个|它|地|得|是|会|吧|啊|和|也/g;

/** Things that can be seen, run or measured. */
const observable =
  /\d|["“”「」『』]|(?<!\p{L})'[^']+'|\b(?:throws?|returns?|prints?|exits?|fails?|pass(?:es)?|reject(?:s|ed)?|refus(?:es?|ed)|accepts?|shows?|displays?|logs|writes?|reads?|raises?|responds?|answers?|equals?|contains?|lists?|sorts?|sorted|rounds?|ignor(?:es?|ed)|parses?|keeps?|kept|removes?|removed|adds?|added|stores?|stored|saves?|saved|sends?|sent|opens?|closes?|renders?|outputs?|emits?|creates?|created|deletes?|deleted|matches|named|called|empty|identical|unchanged|error|errors|warning|test|tests|exit code|status code|header|message)\b|抛出|返回|显示|打印|输出|退出|失败|通过|拒绝|接受|报错|等于|包含|排序|写入|读取|提示|响应|创建|删除|保存|忽略|测试|错误|警告|不变|为空|命令/iu;

/** True if a text names something that can be observed. */
export function isObservable(text: string, rules: ClarificationRules): boolean {
  if (observable.test(text) || namesPlace(text, rules.signals.no_target_surface.words)) return true;
  const language = textLanguage(text);
  return language !== "english" && findWords(language, wordsOf(text)).observable.length > 0;
}

/** True for "it works", TBD and the like, in any spelling. */
export function isPlaceholder(text: string, rules: ClarificationRules): boolean {
  const plain = normalized(text);
  if (plain === "") return true;
  const { words } = rules.signals.no_acceptance_criteria;
  const core = coreOf(plain);
  return core === "" || words.some((word) => plain === normalized(word) || core === coreOf(normalized(word)));
}

/** Only an address or a ticket's number, with words around it that add nothing. */
const reference =
  /\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s)\]>"'，。；）]{1,500}|(?<![\p{L}\p{N}&])#\d{1,7}\b|\b[A-Z]{2,10}-\d{1,6}\b/giu;
const referring =
  /\b(?:see|fix|fixes|close[sd]?|resolve[sd]?|implement|issue|bug|ticket|siehe|voir|ver|veja)\b|见|参见|修复|解决|参照|참고|참조/giu;

/** True for "see https://…" and "fixes #12": the referenced text can't be read here. */
function isReference(text: string): boolean {
  const rest = text.replaceAll(reference, " ");
  return (
    rest !== text && widthOf(rest.replaceAll(referring, " ").replaceAll(/[\p{P}\p{S}]/gu, " ")) < criterionWidthMin / 2
  );
}

type CriterionProblem =
  | { readonly kind: "placeholder" }
  | { readonly kind: "reference" }
  | { readonly kind: "short" }
  | { readonly kind: "vague"; readonly words: readonly string[] };

/** Why a text is not a criterion; null if it is. */
export function criterionProblem(text: string, rules: ClarificationRules): CriterionProblem | null {
  if (isPlaceholder(text, rules)) return { kind: "placeholder" };
  if (isReference(text)) return { kind: "reference" };
  if (widthOf(text) < criterionWidthMin) return { kind: "short" };
  const words = vagueWords(text, rules);
  return words.length > 0 ? { kind: "vague", words } : null;
}

/** The vague words of a text that names nothing observable, or that is also unbounded ("a test shows that everything is better"). */
export function vagueWords(text: string, rules: ClarificationRules): string[] {
  if (isObservable(text, rules) && unboundedWordsIn(text, rules).length === 0) return [];
  return vagueWordsIn(text, rules);
}

/** Praise: a number next to it is not a measure ("it works 100%"). */
const praise =
  /\b(?:works?|working|fine|ok|okay|good|great|nice|well|fixed|done|correct|correctly|properly|perfect|perfectly)\b|正常|工作|运行|没问题|好用/;

/** A normalized text without its filler words. */
function coreOf(text: string): string {
  const plain = praise.test(text) ? text.replaceAll(/\p{N}+次?/gu, " ").trim() : text;
  const english = plain
    .split(/ +/)
    .filter((word) => !fillers.has(word))
    .join(" ");
  return (hasDense(english) ? english.replaceAll(denseFillers, "") : english).trim();
}
