/** Text of a set-up run: what it proposes as a difference to the settings that were tried, the recipe of its image, and the command that takes it. Its words are the coder's and are escaped. */
import { escapeLine, shellWord } from "@aedev/contracts";
import type { SetUpRun } from "@aedev/contracts/api";
import { runFailure } from "../render/run-failure.ts";
import type { Given, Settings } from "./given.ts";

const lineLengthMax = 600;
const keys = ["prepare", "build", "outputs", "verify", "tests", "writable", "image"] as const;
type Proposal = Pick<SetUpRun, "run_id" | "tokens" | "tokens_used" | "dockerfile"> & { readonly settings: Settings };

/** A removed line starts with a minus, an added one with a plus. */
export function setUpLines(run: Proposal, before: Partial<Settings>): string[] {
  const used = run.tokens_used === null ? "" : ` (${run.tokens_used} of ${run.tokens} tokens used)`;
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

/** The command that tries the proposal and saves it, with what was given besides. */
export function takingCommand(
  given: Pick<Given, "source" | "profile" | "allowWrites">,
  name: string,
  settings: Settings,
): string {
  const { prepare, build, inputs, outputs, verify, tests, writable = [], image, folder } = settings;
  const flags = [
    ...(folder === undefined ? [] : [["--path", folder]]),
    ["--name", name],
    ["--prepare", prepare ?? ""],
    ["--build", build ?? ""],
    ...(inputs.length === 0 ? [] : [["--inputs", inputs.join(",")]]),
    ["--outputs", outputs.join(",")],
    ...verify.map((command) => ["--verify", command]),
    ...tests.map((glob) => ["--tests", glob]),
    ["--writable", writable.join(",")],
    ...(image === null ? [] : [["--image", image]]),
    ...(given.profile === undefined ? [] : [["--profile", given.profile]]),
  ];
  const writes = given.allowWrites === undefined ? [] : [given.allowWrites ? "--allow-writes" : "--no-allow-writes"];
  return [
    "aedev repo add",
    shellWord(given.source),
    ...flags.map(([flag, value = ""]) => `${flag} ${shellWord(value)}`),
    ...writes,
  ].join(" ");
}

/** Why there is nothing to try, in one line. */
export function setUpEnding({ run_id, status, code, detail }: SetUpRun): string {
  if (status === "interrupted")
    return `the set-up run ${run_id} was interrupted: the daemon or its execution plane ended during it`;
  const why = runFailure(code, "nobody waited for it");
  return `the set-up run ${run_id} failed: ${why}${detail === null ? "" : ` (${escapeLine(detail, 300)})`}`;
}
