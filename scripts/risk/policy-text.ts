/** Writes fitted weights into the text of config/policies.yaml; every other line and comment stays. Pure. */
import type { Policy } from "@aedev/core";
import { weightOf } from "../../packages/core/src/gate/risk/estimate-harm.ts";
import type { GateWeights } from "./gate-fit.ts";

/** Throws a RangeError if a weight is not found where it is expected. The cap on a weight keeps its ratio to it. */
export function writtenWeights(
  yaml: string,
  { weights: { start, signals }, policy, source }: { weights: GateWeights; policy: Policy; source: string },
): string {
  let text = replaced(
    yaml,
    /^(risk:\n {2}source: )>-\n(?: {4}.*\n)+|^(risk:\n {2}source: ).*\n/mu,
    (_all, one, other) => `${one ?? other}>-\n    ${source}\n`,
  );
  text = replaced(text, /^( {2}start: ).*$/mu, (_all, head) => `${head}${rounded(start)}`);
  for (const [signal, weight] of signals) {
    const { weight: before, most } = weightOf(signal, policy);
    const cap = most === undefined || before === 0 ? null : rounded((weight * most) / before);
    text = replaced(
      text,
      new RegExp(`^( {4}${signal}: \\{ weight: )[-\\d.]+((?:, per: \\d+)?)(?:, most: [-\\d.]+)? \\}$`, "mu"),
      (_all, head, per) => `${head}${rounded(weight)}${per}${cap === null ? "" : `, most: ${cap}`} }`,
    );
  }
  return text;
}

function replaced(text: string, pattern: RegExp, by: (...found: string[]) => string): string {
  if (!pattern.test(text)) throw new RangeError(`config/policies.yaml has no line like ${pattern.source}`);
  return text.replace(pattern, by);
}

function rounded(logOdds: number): number {
  return Math.round(logOdds * 100) / 100 + 0;
}
