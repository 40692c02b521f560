/** Lines for the terminal: why the log is not trusted, and the command that accepts it. */
import { escapeLine } from "@aedev/contracts";
import type { HomeStatus } from "@aedev/daemon";

/** Empty if the log is trusted. */
export function untrustedText(untrusted: HomeStatus["untrusted"]): string[] {
  if (untrusted === null) return [];
  const { reasons, position, hash, help } = untrusted;
  return [
    "the log is not trusted: nothing runs, lands or is approved",
    ...reasons.map((reason) => `  ${escapeLine(reason, 300)}`),
    `  it ends at position ${position} with hash ${hash}; to accept it as it is:`,
    `      ${help}`,
  ];
}
