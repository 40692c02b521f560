/** A proportion with its exact interval at 95 %. */
import { clopperPearson } from "../../packages/core/src/lane/clopper-pearson.ts";

/** For example `3 of 12 (25 %, 5 to 57 %)`. */
export function proportionText(hits: number, of: number): string {
  if (of === 0) return "none of none";
  const { lower, upper } = clopperPearson(hits, of, 0.025);
  const percent = (share: number) => Math.round(share * 100);
  return `${hits} of ${of} (${percent(hits / of)} %, ${percent(lower)} to ${percent(upper)} %)`;
}
