/** The list of signals with the weights of the shipped policy. */
import { signalText } from "@aedev/contracts";
import { parse } from "yaml";

interface Weight {
  readonly weight: number;
  readonly per?: number;
  readonly most?: number;
}

/** A list, since the texts are too long for the columns of a phone. */
export function signalList(policies: string): string {
  const { against, for: harm } = parse(policies).risk as Record<"against" | "for", Record<string, Weight>>;
  const linesOf = (side: string, weights: Record<string, Weight>) =>
    Object.entries(weights).map(
      ([name, each]) => `- \`risk.${side}.${name}\` ${weightText(each)}: ${signalText(name)}`,
    );
  return [...linesOf("against", against), ...linesOf("for", harm)].join("\n");
}

function weightText({ weight, per, most }: Weight): string {
  const each = per === undefined ? "" : per === 1 ? " each" : ` per ${per}`;
  return `(${weight}${each}${most === undefined ? "" : `, at most ${most}`})`;
}
