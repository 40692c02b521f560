/** Text for the findings in a repository and for the result of a trial. The program escapes it when it prints it. */
import { escapeLine } from "@aedev/contracts";
import type { Detection, Tried } from "@aedev/contracts/api";
import { pairs } from "../render/columns.ts";
import type { Settings } from "./given.ts";

const lineLengthMax = 200;
const nameLengthMax = 120;
const tailLinesMax = 15;
const failingMax = 5;

/** The findings, with the reason for each proposal. `settings`: the settings to try, with changes from flags or answers. */
export function findingText(found: Detection, settings: Settings, prefix: string): string {
  const why = (setting: "prepare" | "inputs" | "outputs" | "verify" | "tests") => {
    const reason = found.reasons.find((candidate) => candidate.setting === setting);
    const isProposal = JSON.stringify(settings[setting]) === JSON.stringify(found.settings?.[setting]);
    return reason === undefined || !isProposal ? "" : `  (${reason.why})`;
  };
  const languages = found.languages.map(({ language, tools }) => `${language} (${tools.join(", ")})`).join("; ");
  const head = pairs([
    ["repository", `${found.name}  ${found.url}`],
    ["base", found.commit === null ? null : `${found.branch} at ${found.commit.slice(0, 12)}`],
    ["checkout", checkoutText(found)],
    ["folder", settings.folder ?? null],
    ["results go to", found.target === "task-branch" ? taskBranchText(prefix) : null],
    ["found", languages === "" ? "nothing that aedev knows" : languages],
    ["prepare", settings.prepare === null ? null : settings.prepare + why("prepare")],
    ["build", settings.build],
    ["inputs", settings.inputs.length === 0 ? null : settings.inputs.join(", ") + why("inputs")],
    ["outputs", settings.outputs.length === 0 ? null : settings.outputs.join(", ") + why("outputs")],
    ...settings.verify.map((command, at) => ["verify", command + (at === 0 ? why("verify") : "")] as const),
    ["verify", settings.verify.length === 0 ? noChecksText : null],
    ["writable", settings.writable?.length ? settings.writable.join(", ") : null],
    ["tests", settings.tests.length === 0 ? null : settings.tests.join(", ") + why("tests")],
    ["image", settings.image],
  ]);
  const notes = found.notes.map((note) => `note: ${escapeLine(note, 500)}`);
  return [head, ...notes].join("\n");
}

/** Says that missions start from the base, whatever is checked out; null: the same branch is checked out. */
function checkoutText({ branch, checkout }: Detection): string | null {
  if (checkout === undefined || branch === null || checkout === branch) return null;
  return `on ${checkout}, where missions do not start and nothing lands (--base ${checkout} changes that)`;
}

const taskBranchText = (prefix: string) =>
  `a branch ${prefix}/<task> here: this working copy has no origin, and your checkout is never touched`;
const noChecksText = "none: nothing proves a change here, so every change needs your approval";

/** One line per command. */
export function triedText(tried: Tried): string {
  return tried.commands
    .map(({ command, duration_ms, tests, ...ended }) => {
      const counts = tests === null ? "exit code only" : countsText(tests);
      return `  ${escapeLine(command, lineLengthMax)}: ${endOf(ended)}, ${counts}, ${(duration_ms / 1000).toFixed(1)} s`;
    })
    .join("\n");
}

/** Why a trial is not the last one, on one line. */
export function triedShortly(tried: Tried): string {
  if (tried.outcome === "held") return `not tried: ${escapeLine(tried.detail ?? tried.code ?? "", lineLengthMax)}`;
  if (tried.outcome === "nothing") return "no command tests it";
  const bad = tried.commands.find(isRed);
  if (bad === undefined) return "green, but without results of single tests";
  const why = bad.incomplete ?? bad.output_tail.trim().split("\n").at(-1) ?? "";
  const [first] = bad.failing;
  const named = first === undefined ? "" : ` (failing: ${escapeLine(first, nameLengthMax)})`;
  return `${escapeLine(bad.command, lineLengthMax)}: ${endOf(bad)}, ${escapeLine(why, lineLengthMax)}${named}`;
}

/** Short text for tests that are left out. */
export function leftOutText(tests: readonly string[]): string {
  const [first = "", ...others] = tests;
  const name = escapeLine(first, nameLengthMax);
  return others.length === 0
    ? `${name}, which fails on the base here`
    : `${name} and ${others.length} more, which fail on the base here`;
}

function countsText({ passed, failed, skipped }: { passed: number; failed: number; skipped: number }): string {
  const parts = [
    `${passed} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  return parts.join(", ");
}

type TriedCommand = Tried["commands"][number];

function isRed({ exit_code, incomplete, failing }: TriedCommand): boolean {
  return exit_code !== 0 || incomplete !== null || failing.length > 0;
}

function endOf({ exit_code, timed_out }: Pick<TriedCommand, "exit_code" | "timed_out">): string {
  return timed_out ? "it took too long" : `exit ${exit_code ?? "none"}`;
}

/** Why each failing command failed, with the end of its output. */
export function redText(tried: Tried): string {
  return tried.commands
    .filter(isRed)
    .map(({ command, incomplete, failing, output_tail, ...ended }) => {
      const end = endOf(ended);
      const names = failing.slice(0, failingMax).map((name) => `  failing: ${escapeLine(name, lineLengthMax)}`);
      const doubt = incomplete === null ? [] : [`  not reliable: ${escapeLine(incomplete, 500)}`];
      return [`${escapeLine(command, lineLengthMax)}: ${end}`, ...names, ...doubt, ...tailLines(output_tail)].join(
        "\n",
      );
    })
    .join("\n");
}

function tailLines(output: string): string[] {
  return output
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-tailLinesMax)
    .map((line) => `  | ${escapeLine(line, lineLengthMax)}`);
}

/** Names of tests; the values of one pytest test, such as `> test_x[1]`, count as one name. */
export function namesText(tests: readonly string[]): string {
  const groups = Map.groupBy(tests, (name) => name.replace(/(?<=> \w+)\[[\s\S]*\]$/u, ""));
  const names = [...groups].map(([test, all]) =>
    all.length === 1 ? (all[0] ?? test) : `${test} with ${all.length} values`,
  );
  return names.join(", ");
}
