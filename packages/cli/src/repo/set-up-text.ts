/** Text of a set-up run: its proposal as a difference from the settings that were tried, the recipe of its image, and the command that accepts it. The coder's words are escaped. */
import { escapeLine, roundedText, tokensText } from "@aedev/contracts";
import type { SetUpRun } from "@aedev/contracts/api";
import { runEnding } from "../render/run-failure.ts";
import { addCommand } from "./add-command.ts";
import type { Given, Settings } from "./given.ts";

const lineLengthMax = 600;
const keys = ["prepare", "build", "outputs", "verify", "tests", "writable", "image"] as const;
type Proposal = Pick<SetUpRun, "run_id" | "tokens" | "tokens_used" | "dockerfile"> & { readonly settings: Settings };

/** A removed line starts with a minus, an added one with a plus. */
export function setUpLines(run: Proposal, before: Partial<Settings>): string[] {
  const used = run.tokens_used === null ? "" : ` (${roundedText(run.tokens_used)} of ${tokensText(run.tokens)} used)`;
  const changes = keys.flatMap((key) => changesOf(key, valuesOf(before[key]), valuesOf(run.settings[key])));
  const recipe =
    run.dockerfile === null
      ? []
      : [
          "the image is made from:",
          ...run.dockerfile.split("\n").map((line) => `  ${escapeLine(line, 4 * lineLengthMax)}`),
        ];
  return [
    `set-up run ${run.run_id}: proposed by the coder, not checked by aedev${used}:`,
    ...(changes.length === 0 ? ["  the same settings as before"] : changes),
    ...recipe,
  ];
}

function changesOf(key: string, before: readonly string[], after: readonly string[]): string[] {
  const line = (sign: string) => (value: string) => `  ${sign} ${key.padEnd(8)}  ${escapeLine(value, lineLengthMax)}`;
  return [
    ...before.filter((value) => !after.includes(value)).map(line("-")),
    ...after.filter((value) => !before.includes(value)).map(line("+")),
  ];
}

function valuesOf(value: string | readonly string[] | null | undefined): readonly string[] {
  return value === null || value === undefined || value === "" ? [] : typeof value === "string" ? [value] : value;
}

/** The command that tries and saves the proposal, with everything else that was given. */
export function acceptProposalCommand(
  { source, profile, allowWrites, settings: given }: Pick<Given, "source" | "profile" | "allowWrites" | "settings">,
  name: string,
  proposed: Settings,
): string {
  const { inputs, image, folder, prepare, build, outputs, verify, tests, writable = [] } = proposed;
  const settings = {
    ...{ prepare: prepare ?? "", build: build ?? "", outputs, verify, tests, writable, image },
    ...(folder === undefined ? {} : { folder }),
    ...(inputs.length === 0 ? {} : { inputs }),
    ...(given.mutation_time === undefined ? {} : { mutation_time: given.mutation_time }),
  };
  return addCommand({ source, name, settings, profile, allowWrites });
}

/** Why there is nothing to try, in one line. */
export function setUpEnding(run: SetUpRun): string {
  return runEnding(`the set-up run ${run.run_id}`, run, { stopped: "nobody waited for it or all runs were stopped" });
}
