/** The questions of `repo add` on a terminal: Enter takes a proposal, other text changes it, `-` clears it. */
import { escapeLine, repositoryNameSchema } from "@aedev/contracts";
import type { Detection } from "@aedev/contracts/api";
import type { Profile } from "@aedev/contracts/events";
import type { Terminal } from "../terminal/session.ts";
import { isYes } from "../terminal/yes.ts";
import { listOf, profileNamed, type Settings } from "./given.ts";

const textLengthMax = 300;

export interface Choices {
  readonly name: string;
  readonly settings: Settings;
}
export interface Permissions {
  readonly profile: Profile | undefined;
  readonly allowWrites: boolean;
}

/** `taken`: the names of other repositories, which this one can't use. */
export async function askSettings(
  terminal: Terminal,
  proposed: Choices,
  { found, taken }: { found: Detection; taken: readonly string[] },
): Promise<Choices> {
  const { settings } = proposed;
  terminal.complain("Enter keeps the value in brackets; - clears it.\n");
  const name = await askName(terminal, proposed.name, taken);
  const image = found.needs_image === null ? settings.image : await askImage(terminal, settings.image, found);
  const prepare = await askText(
    terminal,
    "prepare (fetches from registries, before each new set of dependencies)",
    settings.prepare,
  );
  const makesOutputs = prepare !== null || settings.build !== null;
  const outputs = makesOutputs
    ? await askList(terminal, "outputs (what prepare and build make)", settings.outputs)
    : [];
  const verify: string[] = [];
  for (const command of settings.verify.length > 0 ? settings.verify : [null]) {
    const answer = await askText(terminal, "verify (a command that proves a change)", command);
    if (answer !== null) verify.push(answer);
  }
  const tests = await askList(terminal, "tests (globs of test files)", settings.tests);
  return { name, settings: { ...settings, image, prepare, outputs, verify, tests } };
}

export async function askPermissions(
  terminal: Terminal,
  target: Detection["target"],
  prefix: string,
): Promise<Permissions> {
  terminal.complain(
    target === "default-branch"
      ? `May aedev push to this repository? With yes, a change that may merge is pushed to its default branch. With no, aedev asks you about each change and pushes it to the branch ${prefix}/<task> only if you approve it (landing.without_permission: hold pushes nothing). You can allow more later.\n`
      : `May aedev write to this working copy? With yes, a change that may merge becomes a branch ${prefix}/<task>; your checkout and your branches stay as they are. With no, aedev asks you about each change and writes it to the branch ${prefix}/<task> only if you approve it (landing.without_permission: hold writes nothing). You can allow more later.\n`,
  );
  const allowWrites = isYes(await terminal.ask("write [y/N] "));
  terminal.complain(
    "Which profile? safe: you are asked for every change. balanced: low risk merges automatically. aggressive: medium risk too. Enter: the policy's default, which is safe unless you changed it.\n",
  );
  for (;;) {
    const named = (await terminal.ask("profile [the policy's default] ")).trim().toLowerCase();
    const profile = profileNamed(named);
    if (named === "" || profile !== undefined) return { profile, allowWrites };
    terminal.complain("choose safe, balanced or aggressive\n");
  }
}

async function askName(terminal: Terminal, proposal: string, taken: readonly string[]): Promise<string> {
  for (;;) {
    const name = (await askText(terminal, "name", proposal)) ?? proposal;
    const parsed = repositoryNameSchema.safeParse(name);
    if (parsed.success && !taken.includes(name)) return name;
    terminal.complain(
      parsed.success ? "that is the name of another repository\n" : `${parsed.error.issues[0]?.message}\n`,
    );
  }
}

async function askImage(terminal: Terminal, image: string | null, { needs_image }: Detection): Promise<string | null> {
  if (needs_image === null) return askText(terminal, "image", image);
  terminal.complain(
    `${needs_image.why}. With Enter aedev makes one, which takes a minute or two:\n  ${needs_image.example}\n`,
  );
  return askText(terminal, "image", image ?? needs_image.image);
}

async function askText(terminal: Terminal, label: string, proposal: string | null): Promise<string | null> {
  const brackets = proposal === null ? "none" : escapeLine(proposal, textLengthMax);
  const answer = (await terminal.ask(`${label} [${brackets}] `)).trim();
  if (answer === "") return proposal;
  return answer === "-" ? null : answer;
}

async function askList(terminal: Terminal, label: string, proposal: readonly string[]): Promise<string[]> {
  return listOf((await askText(terminal, label, proposal.length === 0 ? null : proposal.join(","))) ?? "");
}
