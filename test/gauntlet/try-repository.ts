/** Tries one repository of the gauntlet: a bare clone at the listed commit, and `aedev repo add` in a separate home with every proposal accepted. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { cloneAt } from "./clone.ts";
import { isOrdinaryGreen } from "./containers.ts";
import type { Listed } from "./read-list.ts";
import type { Result } from "./totals.ts";

const aedev = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "bin/aedev");
const timeoutMs = 40 * 60_000;
const causeLengthMax = 600;

interface Saved {
  readonly settings?: { prepare: string | null; build: string | null; verify: string[]; image: string | null };
  readonly tried?: {
    outcome: string;
    commands: {
      command: string;
      exit_code: number | null;
      tests: { passed: number; failed: number } | null;
      failing: string[];
      incomplete: string | null;
      output_tail: string;
    }[];
  } | null;
}

export async function tryRepository(
  listed: Listed,
  { from, isOrdinary }: { from: string | null; isOrdinary: boolean },
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "gauntlet-"));
  const environment = {
    PATH: process.env["PATH"],
    HOME: folder,
    DOCKER_HOST: process.env["DOCKER_HOST"],
    AEDEV_HOME: join(folder, "home"),
    AEDEV_PORT: "0",
    NO_COLOR: "1",
  };
  const run = (...args: string[]) =>
    execa(aedev, args, { env: environment, extendEnv: false, reject: false, stdin: "ignore", timeout: timeoutMs });
  try {
    const clone = join(folder, `${listed.name}.git`);
    const cloned = await cloneAt(listed, clone, from);
    if (cloned.kind === "lost")
      return { listed, outcome: "no-clone", cause: cloned.why, settings: "", tests: 0, seconds: 0, ordinary: null };
    await run("init", "--yes");
    await run("daemon", "start");
    const started = performance.now();
    const added = await run("repo", "add", clone, "--yes", "--json");
    const seconds = Math.round((performance.now() - started) / 1000);
    await run("daemon", "stop");
    const saved = parsed(added.stdout);
    const image = saved.settings?.image ?? (await defaultImage(listed));
    const place = { listed, clone, folder };
    const ordinary = isOrdinary ? await isOrdinaryGreen(place, image) : null;
    const read = reading(saved, added.stderr);
    const settings = cloned.kind === "whole" ? read.settings : `without history | ${read.settings}`;
    return { listed, ...read, settings, seconds, ordinary };
  } finally {
    await run("daemon", "stop");
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The image that aedev would have used, if it saved none. */
async function defaultImage({ kind }: Listed): Promise<string> {
  const { stdout } = await execa("docker", ["image", "ls", "--format", "{{.Repository}}:{{.Tag}}"]);
  const images = stdout.split("\n");
  const own = images.find((image) => image.startsWith(`aedev-${kind}:`));
  return own ?? images.find((image) => image.startsWith("aedev-runner:")) ?? "";
}

function parsed(text: string): Saved {
  try {
    return JSON.parse(text) as Saved;
  } catch {
    return {};
  }
}

function reading({ settings, tried }: Saved, errors: string): Pick<Result, "outcome" | "cause" | "settings" | "tests"> {
  const said = settings === undefined ? "nothing saved" : settingsText(settings);
  const commands = tried?.commands ?? [];
  const tests = passedTests(commands);
  if (tried == null) return { outcome: "not-saved", cause: oneLine(errors), settings: said, tests };
  const red = commands.find(
    ({ exit_code, incomplete, failing }) => exit_code !== 0 || incomplete !== null || failing.length > 0,
  );
  if (tried.outcome !== "green") {
    const why =
      red === undefined
        ? tried.outcome
        : `${red.command}: exit ${red.exit_code}; ${red.failing.join(", ")} ${red.incomplete ?? ""} ${red.output_tail.slice(-400)}`;
    return { outcome: "red", cause: oneLine(why), settings: said, tests };
  }
  const isPerTest = tests > 0 && commands.some((command) => command.tests !== null);
  if (isPerTest) return { outcome: "green", cause: "", settings: said, tests };
  return { outcome: "exit-code", cause: "no result per test", settings: said, tests };
}

function settingsText({ prepare, build, verify, image }: NonNullable<Saved["settings"]>): string {
  const parts = [
    ["prepare", prepare],
    ["build", build],
    ["verify", verify.join(" ; ")],
    ["image", image],
  ];
  return parts.flatMap(([name, value]) => (value ? [`${name}: ${value}`] : [])).join(" | ");
}

export function oneLine(text: string): string {
  return text.replace(/\s+/gu, " ").trim().slice(0, causeLengthMax);
}

/** The number of passed tests in all commands of a trial. */
export function passedTests(commands: readonly { readonly tests: { readonly passed: number } | null }[]): number {
  return commands.reduce((sum, { tests }) => sum + (tests?.passed ?? 0), 0);
}
