/** How often a judge was asked for each view, with which results, and how long aedev waited in between. */
import { escapeLine, viewNames } from "@aedev/contracts";
import type { TaskDetails } from "@aedev/contracts/api";

type Verdict = TaskDetails["verdicts"][number];

/** One line for each view that was asked more than once; empty if there is none. */
export function judgeTriesLines({ family, tries = [] }: Verdict): string[] {
  return viewNames.flatMap((name) => {
    const own = tries.filter(({ view }) => view === name);
    if (own.length < 2) return [];
    const asked = own.map(({ result, wait_ms }) => {
      const pause = wait_ms === null ? "" : `, waited ${(wait_ms / 1000).toFixed(1)} s`;
      return `${escapeLine(result, 60)}${pause}`;
    });
    return [`    ${family} ${name}, asked ${own.length} times: ${asked.join("; ")}`];
  });
}
