/** The flags of `repo add`, parsed. A flag that was not given is absent; an empty flag clears its setting. */
import { existsSync } from "node:fs";
import { posix, resolve } from "node:path";
import { type LandingWay, landingWaySchema, type RepositorySettings, registeredFolderSchema } from "@aedev/contracts";
import type { Profile } from "@aedev/contracts/events";
import { usageFault } from "../command-line/answer.ts";
import { durationOption } from "../command-line/duration.ts";
import type { VerbInput, VerbOption } from "../command-line/verb.ts";

/** Settings as they are proposed and asked about. The time for mutations stays text until the daemon reads it. */
export type Settings = Omit<RepositorySettings, "mutation_time_ms"> & { readonly mutation_time?: string };

/** Longer than fetch, build and all commands together can take; the daemon's own limits end them. */
export const trialTimeoutMs = 6 * 60 * 60 * 1000;

export interface Given {
  readonly source: string;
  /** The typed text if it is a folder here and could also be `owner/name` on GitHub; otherwise null. */
  readonly ambiguous: string | null;
  readonly name: string | undefined;
  readonly settings: Partial<Settings>;
  readonly profile: Profile | undefined;
  readonly allowWrites: boolean | undefined;
  readonly landing: LandingWay | undefined;
  readonly base: string | undefined;
  /** How each commit should read; empty: as the repository says. */
  readonly commitTemplate: string | undefined;
  /** The prefix of the names of aedev's branches. */
  readonly branchPrefix: string | undefined;
  /** Whether submodules are fetched; undefined: unchanged. */
  readonly submodules: boolean | undefined;
  readonly isTried: boolean;
  /** How long settings are tried, over all trials together. */
  readonly tryForMs: number;
  /** `--yes`: proposals are accepted, including an image that aedev builds. */
  readonly isAccepting: boolean;
  /** `--set-up-run`: start a set-up run without asking if no settings are green. */
  readonly wantsSetUpRun: boolean;
  /** Ask nothing, because `--yes` was given or the flags answer everything. */
  readonly isSilent: boolean;
}

export const addOptions: readonly VerbOption[] = [
  { flags: "--name <name>", summary: "name to call it by (default: from its address)" },
  { flags: "--path <folder>", summary: "one folder of a monorepo to register alone, e.g. packages/core" },
  { flags: "--prepare <command>", summary: "fetch step: can reach only prepare.registries; install scripts are off" },
  { flags: "--build <command>", summary: "build step: no network, sees the whole tree" },
  {
    flags: "--inputs <globs>",
    summary: "files the fetch step sees, separated by commas (default: manifests and lockfiles)",
  },
  { flags: "--outputs <paths>", summary: "what prepare creates, separated by commas (default: node_modules)" },
  { flags: "--verify <command>", summary: "command that proves a change; repeat for more", repeat: true },
  { flags: "--tests <glob>", summary: "which files are tests; repeat for more", repeat: true },
  { flags: "--image <reference>", summary: "container image with another toolchain" },
  {
    flags: "--writable <folders>",
    summary: "folders of the checkout that the tests write to, separated by commas; everything else is read-only",
  },
  {
    flags: "--mutation-time <duration>",
    summary: "mutate the lines of each change for at most this long, e.g. 5m; at most 60m",
  },
  { flags: "--profile <profile>", summary: "safe, balanced or aggressive" },
  { flags: "--allow-writes", summary: "let aedev push to it without asking" },
  { flags: "--no-allow-writes", summary: "no longer let aedev push to it without asking" },
  {
    flags: "--landing <way>",
    summary:
      "how changes get there: push (to the default branch), pull-request (through one at GitHub) or branch (a branch of its own only)",
  },
  {
    flags: "--base <branch>",
    summary: "the branch that missions start from and land on (default: the remote's default branch now)",
  },
  {
    flags: "--commit-template <text>",
    summary:
      "a footer for each commit ('Refs #{issue}'), or its first line ('{issue}: {subject}'); {issue} is what the mission names",
  },
  { flags: "--branch-prefix <name>", summary: "what the names of aedev's branches there begin with (default: aedev)" },
  { flags: "--submodules", summary: "fetch the submodules' pinned commits too, once you confirm their addresses" },
  { flags: "--no-submodules", summary: "no longer fetch submodules: their folders are empty" },
  {
    flags: "--try-for <duration>",
    summary: "how long to try settings before the best so far are saved, e.g. 30m (default: 7m)",
  },
  { flags: "--no-try", summary: "save the settings without trying them" },
  {
    flags: "--set-up-run",
    summary:
      "if no settings are green, let a coder look for others (at most limits.set_up_tokens tokens). With --yes its proposal is tried and, if green, saved",
  },
  { flags: "-y, --yes", summary: "accept the detected settings without asking; if they need an image, aedev makes it" },
];

export function givenIn(input: VerbInput): Given {
  const listed = (name: string) => {
    const text = input.text(name);
    return text === undefined ? undefined : listOf(text);
  };
  const settings = {
    prepare: input.text("prepare"),
    build: input.text("build"),
    inputs: listed("inputs"),
    outputs: listed("outputs"),
    verify: input.texts("verify"),
    tests: input.texts("tests"),
    image: input.text("image"),
    writable: listed("writable"),
    folder: folderOf(input.text("path")),
    mutation_time: input.text("mutationTime"),
  };
  const givenSettings = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  const named = input.text("profile");
  const profile = profileNamed(named);
  if (named !== undefined && profile === undefined)
    throw usageFault(`--profile wants safe, balanced or aggressive, not "${named}"`, "aedev repo add --help");
  const allowWrites = input.choice("allowWrites");
  const wantsSetUpRun = input.flag("setUpRun");
  if (wantsSetUpRun && input.choice("try") === false)
    throw usageFault("--set-up-run follows a trial, and --no-try makes none", "aedev repo add --help");
  const typed = input.argument(0) || ".";
  const source = sourceOf(typed);
  const answers = Object.keys(givenSettings).filter((key) => key !== "image" && key !== "folder").length;
  return {
    source,
    ambiguous: isRepositoryName(typed) && source !== typed ? typed : null,
    name: input.text("name"),
    settings: givenSettings as Partial<Settings>,
    profile,
    allowWrites,
    landing: landingIn(input),
    base: input.text("base"),
    commitTemplate: input.text("commitTemplate")?.replaceAll("\\n", "\n"),
    branchPrefix: input.text("branchPrefix"),
    submodules: input.choice("submodules"),
    tryForMs: tryForIn(input),
    isTried: input.choice("try") !== false,
    isAccepting: input.flag("yes"),
    wantsSetUpRun,
    isSilent: input.flag("yes") || answers > 0 || profile !== undefined || allowWrites !== undefined,
  };
}

/** A path from the repository's top, without the characters that shells add to a folder's name. */
function folderOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const folder = posix.normalize(text.trim()).replace(/\/$/u, "");
  if (folder === ".") return undefined;
  if (registeredFolderSchema.safeParse(folder).success) return folder;
  throw usageFault(
    `--path wants a folder as a path from the repository's top, such as packages/core, of letters a-z, digits and . _ - @ +, not "${text}"`,
    "aedev repo add --help",
  );
}

export function profileNamed(name: string | undefined): Profile | undefined {
  return (["safe", "balanced", "aggressive"] as const).find((profile) => profile === name);
}

/** Long enough for one fetch and one command that takes its whole time limit, and short enough to wait for. */
const tryForMsUsual = 7 * 60_000;

function tryForIn(input: VerbInput): number {
  const text = input.text("tryFor");
  return Math.min(text === undefined ? tryForMsUsual : durationOption(text, "--try-for"), trialTimeoutMs);
}

function landingIn(input: VerbInput): LandingWay | undefined {
  const text = input.text("landing");
  const way = landingWaySchema.safeParse(text);
  if (text === undefined || way.success) return way.data;
  throw usageFault(`--landing wants push, pull-request or branch, not "${text}"`, "aedev repo add --help");
}

/** A path is made absolute, because the daemon works in another folder. `scheme://…` and `host:path` stay unchanged, and so does `owner/name`, unless a file or folder of that name exists here. */
export function sourceOf(text: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || /^[^/\\.][^/\\]*:/.test(text)) return text;
  return isRepositoryName(text) && !existsSync(resolve(text)) ? text : resolve(text);
}

/** Whether the text is two plain segments, as in `owner/name` on GitHub, which the daemon can resolve. */
function isRepositoryName(text: string): boolean {
  return /^[a-z0-9][a-z0-9_-]*\/[a-z0-9_-][a-z0-9._-]*$/i.test(text);
}

/** The parts of a comma-separated list. */
export function listOf(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
