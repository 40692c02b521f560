/**
 * What two looks at one bundle come to. A pass needs both. A fail in one vetoes unless the other passed: then the judge follows words or order
 * more than code, and its word is a flip. What was answered goes before what was not: an answer stands, silence is asked again.
 */
import { isAnsweredDetail, type Verdict } from "@aedev/core/wire";

export type Look = Verdict["views"][number];
export type Decision = Pick<Verdict, "verdict" | "detail">;

/** `looks`: in the order of the views, at least one. */
export function combineLooks(looks: readonly Look[]): Decision {
  const some = (word: Look["verdict"]) => looks.some(({ verdict }) => verdict === word);
  if (some("fail"))
    return some("pass") ? { verdict: "inconclusive", detail: "flip" } : { verdict: "fail", detail: null };
  const unsure = looks.filter(({ verdict }) => verdict === "inconclusive");
  const first = unsure.find(({ detail }) => isAnsweredDetail(detail)) ?? unsure[0];
  return first === undefined ? { verdict: "pass", detail: null } : { verdict: "inconclusive", detail: first.detail };
}
