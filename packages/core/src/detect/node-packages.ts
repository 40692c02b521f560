/** How a Node project's dependencies are fetched: its package manager by lockfile, install scripts off, and which folders that makes. Pure. */
import { z } from "zod";
import { type BaseFiles, type Reason, shown, textOf } from "./finding.ts";

export interface Packages {
  readonly manager: "npm" | "pnpm" | "yarn";
  /** Null where there is nothing to fetch. */
  readonly prepare: string | null;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly reasons: readonly Reason[];
  readonly notes: readonly string[];
}

const outputsMax = 60;
const namedMax = 5;
const lockSchema = z.looseObject({ packages: z.record(z.string(), z.unknown()) });

/** `manifest`: the parsed package.json. */
export function findPackages(base: BaseFiles, manifest: Readonly<Record<string, unknown>>): Packages {
  const has = (path: string) => base.paths.includes(path);
  const dependencies = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"].reduce(
    (count, key) => count + sizeOf(manifest[key]),
    0,
  );
  const isWorkspace = manifest["workspaces"] !== undefined || has("pnpm-workspace.yaml");
  if (dependencies === 0 && !isWorkspace)
    return { manager: "npm", prepare: null, inputs: [], outputs: [], reasons: [], notes: [] };
  const { manager, command, why, notes } = managerOf(base, manifest);
  const inputs = base.paths.some((path) => path.startsWith("patches/"))
    ? [
        "package.json",
        "**/package.json",
        "*-lock.*",
        "yarn.lock",
        "pnpm-workspace.yaml",
        ".npmrc",
        ".yarnrc.yml",
        "patches/**",
      ]
    : [];
  const outputs = ["node_modules", ...(isWorkspace ? nestedModules(base.paths) : [])];
  return {
    manager,
    prepare: command,
    inputs,
    outputs,
    reasons: [
      { setting: "prepare", why },
      { setting: "outputs", why: `where ${manager} puts packages` },
      ...(inputs.length > 0 ? [{ setting: "inputs" as const, why: "there are patches of packages" }] : []),
    ],
    notes: [...notes, ...installScripts(base)],
  };
}

function managerOf(
  base: BaseFiles,
  manifest: Readonly<Record<string, unknown>>,
): { manager: Packages["manager"]; command: string; why: string; notes: string[] } {
  const has = (path: string) => base.paths.includes(path);
  const { packageManager } = manifest;
  // Anything may stand there; what is no text has no text either.
  const named = /^(npm|pnpm|yarn)@(\d{1,3}\.\d{1,4}\.\d{1,4})(?:$|[+-])/u.exec(
    typeof packageManager === "string" ? packageManager : "",
  );
  const version = (name: string) => (named?.[1] === name ? named[2] : undefined);
  if (has("pnpm-lock.yaml")) {
    const wanted = version("pnpm") ?? pnpmFor(textOf(base, "pnpm-lock.yaml"));
    const command = `npx -y pnpm@${wanted} install --frozen-lockfile --ignore-scripts`;
    return { manager: "pnpm", command, why: "there is a pnpm-lock.yaml", notes: [] };
  }
  if (has("yarn.lock")) {
    const isClassic = /^# yarn lockfile v1/mu.test(textOf(base, "yarn.lock") ?? "# yarn lockfile v1");
    const command = isClassic
      ? `npx -y yarn@1.22.22 install --frozen-lockfile --ignore-scripts`
      : `YARN_IGNORE_PATH=1 YARN_NODE_LINKER=node-modules npx -y @yarnpkg/cli-dist@${version("yarn") ?? "4"} install --immutable --mode=skip-build`;
    return {
      manager: "yarn",
      command,
      why: `there is a yarn.lock of Yarn ${isClassic ? "1" : "2 or later"}`,
      notes: [],
    };
  }
  const lock = ["package-lock.json", "npm-shrinkwrap.json"].find(has);
  if (lock !== undefined)
    return { manager: "npm", command: "npm ci --ignore-scripts", why: `there is a ${lock}`, notes: [] };
  const other = ["bun.lock", "bun.lockb"].find(has);
  return {
    manager: "npm",
    command: "npm install --ignore-scripts --no-package-lock",
    why: "package.json has dependencies",
    notes: [
      other === undefined
        ? "there is no lockfile: versions of packages are not pinned, and two runs may get different ones"
        : `${other} is read by no package manager in aedev's image; npm fetches what package.json names, unpinned`,
    ],
  };
}

/** A release of pnpm that reads the lockfile's version. */
function pnpmFor(lock: string | undefined): string {
  const version = /^lockfileVersion:\s*['"]?(\d+)/mu.exec(lock ?? "")?.[1];
  if (version === "5") return "7";
  return version === "6" ? "8" : "9";
}

/** Workspaces may have folders of packages of their own. */
function nestedModules(paths: readonly string[]): string[] {
  return paths
    .filter((path) => /^[^'"\p{Cc}]+\/package\.json$/u.test(path) && !/(^|\/)node_modules\//u.test(path))
    .map((path) => path.replace(/package\.json$/u, "node_modules"))
    .filter((path) => path.length <= 300)
    .slice(0, outputsMax);
}

/** npm's lockfile says which packages wanted to run something at installation. */
function installScripts(base: BaseFiles): string[] {
  const lock = lockSchema.safeParse(parseJson(textOf(base, "package-lock.json")));
  if (!lock.success) return [];
  const names = Object.entries(lock.data.packages)
    .filter(([, value]) => isRecord(value) && value["hasInstallScript"] === true && value["optional"] !== true)
    .map(([path]) => shown(path.replace(/^.*node_modules\//u, "")));
  if (names.length === 0) return [];
  const list = `${names.slice(0, namedMax).join(", ")}${names.length > namedMax ? ` and ${names.length - namedMax} more` : ""}`;
  return [`install scripts of ${list} did not run; if the tests need them: --build "npm rebuild" (it has no network)`];
}

function sizeOf(value: unknown): number {
  return isRecord(value) ? Object.keys(value).length : 0;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Undefined where the text is no JSON. */
export function parseJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}
