/** The texts of `aedev policy simulate`, `diff` and `test`. */
import {
  chanceText,
  counted,
  escapeLine,
  harmChance,
  laneKindTexts,
  localTime,
  logOddsText,
  signalText,
} from "@aedev/contracts";
import type {
  DifferentKey,
  PolicyComparison,
  PolicySimulation,
  PolicySuggestions,
  PolicyTest,
  SuggestedKey,
} from "@aedev/daemon";
import { columns, titled } from "./columns.ts";

/** The shares of a decision that changed most. */
const sharesMax = 3;
const listedMax = 200;

export function simulationText(simulation: PolicySimulation): string {
  const { decisions, was, now, different, not_tried } = simulation;
  const answers = ({ merge, ask, hold }: typeof was) => `${merge} merge, ${ask} ask, ${hold} hold`;
  const kinds = [...Map.groupBy(different, (one) => `${one.was} -> ${one.now}`)].map(
    ([kind, all]) => `${all.length} ${kind}`,
  );
  const untested = different.filter(({ needs_tests }) => needs_tests).length;
  return [
    `${counted(decisions, "decision")}${simulation.since === null ? "" : ` since ${localTime(simulation.since)}`}`,
    `as recorded:      ${answers(was)}`,
    `with this policy: ${answers(now)}`,
    `different:        ${kinds.length === 0 ? "none" : kinds.join(", ")}`,
    ...(different.length === 0 ? [] : [differentText(different.slice(0, listedMax))]),
    ...(different.length > listedMax ? [`+${different.length - listedMax} more: --json`] : []),
    ...(untested === 0 ? [] : [`${untested} of those that would merge first get tests from another run`]),
    ...titled("not simulated:", notSimulated(simulation)),
    ...titled(
      "not tried, because findings stay as they were recorded:",
      not_tried.map((key) => `  ${key}`),
    ),
  ].join("\n");
}

function differentText(different: PolicySimulation["different"]): string {
  const chance = (score: number | null) => (score === null ? "-" : chanceText(harmChance(score)));
  const rows = different.map(({ task_id, profile, was, now, was_score, score, bound, changed }) => [
    task_id,
    `${was} -> ${now}`,
    `${chance(was_score)} -> ${chance(score)}`,
    bound === 0 ? `${profile}: none` : `${profile}: below ${chanceText(bound / 1000)}`,
    changed
      .slice(0, sharesMax)
      .map((share) => `${share.factor} ${logOddsText(share.was)} -> ${logOddsText(share.now)}`)
      .join(", ") || "bounds",
  ]);
  return columns(["TASK", "ANSWER", "CHANCE OF HARM", "MERGES", "WHY"], rows, "");
}

const whyNot: Readonly<Record<keyof PolicySimulation["not_simulated"], string>> = {
  points: "decided by an earlier version, in points",
  counts: "recorded without the counts of signals",
  "small-counts": "depend on counts so small that they were not recorded",
  "other-findings": "were held for their risk, so their other findings were not recorded",
  "policy-missing": "were decided under a policy that this home no longer has",
};

function notSimulated({ not_simulated }: PolicySimulation): string[] {
  return (Object.keys(whyNot) as (keyof typeof whyNot)[])
    .filter((why) => not_simulated[why] > 0)
    .map((why) => `  ${counted(not_simulated[why], "decision")}: ${whyNot[why]}`);
}

/** What was asked, by reason, then each suggestion with its evidence, its effect and its command. */
export function suggestionsText({ answered, needed, reasons, suggestions }: PolicySuggestions): string {
  const rows = reasons.map((one) => [
    one.asked,
    one.asked - one.not_approved,
    shareText(one),
    `${one.means}${one.always ? " (always asked)" : ""}`,
  ]);
  if (answered === 0) return "you have not answered a question about a change yet";
  return [
    `you answered ${counted(answered, "question")} about changes:`,
    columns(["ASKED", "APPROVED AS IT WAS", "OTHERS (95 %)", "REASON"], rows, "no reasons"),
    ...(suggestions.length === 0
      ? [`nothing to suggest: no reason has ${needed} answers that contradict its weight`]
      : []),
    ...suggestions.flatMap(suggestionLines),
  ].join("\n");
}

function suggestionLines(one: SuggestedKey): string[] {
  const { asked, not_approved, estimated, effect, key, value } = one;
  const what =
    one.kind === "weight"
      ? `Lower the weight of "${signalText(one.signal)}" from ${one.was / 1000} to ${one.now / 1000}.`
      : `Let ${laneKindTexts[one.change]} merge in ${one.repository}.`;
  const more = effect.now.merge - effect.was.merge;
  return [
    "",
    what,
    `  You approved ${asked - not_approved} of ${counted(asked, "such change")} as they were. So ${shareText(one)} do harm (95 %); aedev estimated ${chanceText(estimated)}.`,
    `  Of ${counted(effect.decisions, "recorded decision")} ${effect.now.merge} would merge, ${more} more than with today's policy.`,
    `  aedev config set ${key} ${value.startsWith("[") ? `'${value}'` : value}`,
  ];
}

function shareText({ from, to }: Pick<SuggestedKey, "from" | "to">): string {
  return `${Math.floor(from * 100)} to ${Math.ceil(to * 100)} %`;
}

export function comparisonText({ keys, answers }: PolicyComparison): string {
  const rows = answers.map(({ signal, count, beside, profile, answers: [first, second] }) => [
    signal ?? "no signal",
    signal === null ? "-" : (count ?? "missing"),
    beside === "clean" ? "the best clean change" : "nothing else",
    profile,
    `${first.answer} (${chanceText(harmChance(first.score))})`,
    `${second.answer} (${chanceText(harmChance(second.score))})`,
  ]);
  return [
    keys.length === 0 ? "no key differs" : `${counted(keys.length, "key differs", "keys differ")}:`,
    ...keys.map((key) => `  ${keyText(key)}`),
    rows.length === 0 ? "no answer differs" : `${counted(rows.length, "answer differs", "answers differ")}:`,
    ...(rows.length === 0 ? [] : [columns(["SIGNAL", "COUNT", "BESIDE", "PROFILE", "FIRST", "SECOND"], rows, "")]),
  ].join("\n");
}

function keyText({ key, values: [first, second] }: DifferentKey): string {
  if (!Array.isArray(first) || !Array.isArray(second)) return `${key}: ${valueText(first)} -> ${valueText(second)}`;
  const lost = first.filter((one) => !second.includes(one)).map((one) => `-${valueText(one)}`);
  const added = second.filter((one) => !first.includes(one)).map((one) => `+${valueText(one)}`);
  return `${key}: ${[...lost, ...added].join(" ") || "another order"}`;
}

function valueText(value: unknown): string {
  return value === undefined ? "(none)" : escapeLine(typeof value === "string" ? value : JSON.stringify(value), 200);
}

/** The cases that fail, or that none does. */
export function policyTestText({ cases }: PolicyTest): string {
  const failed = cases.filter(({ answer, expect }) => answer !== expect);
  const lines = failed.map(
    ({ name, profile, expect, answer, score }) =>
      `FAILED  ${escapeLine(name, 300)}: expected ${expect}, got ${answer} (${profile}, ${chanceText(harmChance(score))} chance of harm)`,
  );
  return [...lines, `${cases.length - failed.length} of ${counted(cases.length, "case")} passed`].join("\n");
}
