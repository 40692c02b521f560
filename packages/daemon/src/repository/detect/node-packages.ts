/** Detects how a Node project's dependencies are fetched: package manager by lockfile, install scripts off, and the folders that this makes. Pure. */
import { hasControls } from "@aedev/contracts";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import { type DetectionFiles, escaped, fileText, type SettingReason } from "./finding.ts";

export interface Packages {
  readonly manager: "npm" | "pnpm" | "yarn";
  /** Null if there is nothing to fetch. */
  readonly prepare: string | null;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly reasons: readonly SettingReason[];
  readonly notes: readonly string[];
}

const outputsMax = 60;
const namedMax = 5;
const lockSchema = z.looseObject({ packages: z.record(z.string(), z.unknown()) });

/** `manifest`: the parsed package.json. */
export function findPackages(base: DetectionFiles, manifest: Readonly<Record<string, unknown>>): Packages {
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
  base: DetectionFiles,
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
    const wanted = version("pnpm") ?? pnpmFor(fileText(base, "pnpm-lock.yaml"), fileText(base, "pnpm-workspace.yaml"));
    const command = `npx -y pnpm@${wanted} install --frozen-lockfile --ignore-scripts`;
    return { manager: "pnpm", command, why: "there is a pnpm-lock.yaml", notes: [] };
  }
  if (has("yarn.lock")) {
    const isClassic = /^# yarn lockfile v1/mu.test(fileText(base, "yarn.lock") ?? "# yarn lockfile v1");
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
        ? "there is no lockfile: versions of packages are not pinned, and two runs may get different versions"
        : `no package manager in aedev's image reads ${other}; npm fetches what package.json names, unpinned`,
    ],
  };
}

/** A release of pnpm that reads the lockfile's version, and the workspace file: settings without packages stand there since 10, `allowBuilds` since 11. */
function pnpmFor(lock: string | undefined, workspace: string | undefined): string {
  const version = /^lockfileVersion:\s*['"]?(\d+)/mu.exec(lock ?? "")?.[1];
  if (version === "5") return "7";
  if (version === "6") return "8";
  if (workspace === undefined) return "9";
  if (/^allowBuilds[ \t]*:/mu.test(workspace)) return "11";
  return /^packages[ \t]*:/mu.test(workspace) ? "9" : "10";
}

/** Workspaces may have their own folders of packages. */
function nestedModules(paths: readonly string[]): string[] {
  return paths
    .filter(
      (path) => /^[^'"]+\/package\.json$/u.test(path) && !hasControls(path) && !/(^|\/)node_modules\//u.test(path),
    )
    .map((path) => path.replace(/package\.json$/u, "node_modules"))
    .filter((path) => path.length <= 300)
    .slice(0, outputsMax);
}

/** npm's lockfile says which packages have install scripts. */
function installScripts(base: DetectionFiles): string[] {
  const lock = lockSchema.safeParse(parseJson(fileText(base, "package-lock.json")));
  if (!lock.success) return [];
  const names = Object.entries(lock.data.packages)
    .filter(([, value]) => isJsonObject(value) && value["hasInstallScript"] === true && value["optional"] !== true)
    .map(([path]) => escaped(path.replace(/^.*node_modules\//u, "")));
  if (names.length === 0) return [];
  const list = `${names.slice(0, namedMax).join(", ")}${names.length > namedMax ? ` and ${names.length - namedMax} more` : ""}`;
  return [`install scripts of ${list} did not run; if the tests need them: --build "npm rebuild" (it has no network)`];
}

function sizeOf(value: unknown): number {
  return isJsonObject(value) ? Object.keys(value).length : 0;
}

export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
