/**
 * Finds a Node project's package managers: the one of its lockfile, with its version, and those that its scripts call. Versions come from `packageManager`,
 * `engines` or the lockfile. Pure.
 */
import { type DetectionFiles, escapedText, fileText } from "./finding.ts";
import { isJsonObject } from "./json-object.ts";
import { workflowHints } from "./workflow.ts";

type ManagerName = "npm" | "pnpm" | "yarn" | "bun";
type Manifest = Readonly<Record<string, unknown>>;

export interface Manager {
  readonly name: ManagerName;
  /** Fetches the dependencies. */
  readonly command: string;
  readonly why: string;
  readonly notes: readonly string[];
}

/** How npm fetches without a lockfile. */
export const unlockedInstall = "npm install --ignore-scripts --no-package-lock";
/** Some projects' packages name peers that don't fit each other, which only npm since 7 refuses. */
export const withoutPeerCheck = " --legacy-peer-deps";
export const lockfiles: readonly string[] = [
  "pnpm-lock.yaml",
  "yarn.lock",
  "package-lock.json",
  "npm-shrinkwrap.json",
  "bun.lock",
  "bun.lockb",
];
const versionOfBun = "1";
/** In the folder where npm's scripts look for programs. */
const folder = "node_modules/.managers";
const scriptsMax = 60;

/** `manifest`: the parsed package.json. */
export function managerOf(base: DetectionFiles, manifest: Manifest): Manager {
  const has = (path: string) => base.paths.includes(path);
  if (has("pnpm-lock.yaml")) {
    const command = `npx -y pnpm@${pnpmVersion(base, manifest)} install --frozen-lockfile --ignore-scripts`;
    return { name: "pnpm", command, why: "there is a pnpm-lock.yaml", notes: [] };
  }
  if (has("yarn.lock")) {
    const isClassic = isClassicYarn(base);
    const command = isClassic
      ? `npx -y yarn@1.22.22 install --frozen-lockfile --ignore-scripts`
      : `YARN_IGNORE_PATH=1 YARN_NODE_LINKER=node-modules npx -y ${yarnPackage(base, manifest)} install --immutable --mode=skip-build`;
    return { name: "yarn", command, why: `there is a yarn.lock of Yarn ${isClassic ? "1" : "2 or later"}`, notes: [] };
  }
  const lock = ["package-lock.json", "npm-shrinkwrap.json"].find(has);
  const peers = workflowHints(base).isPeerCheckOff ? withoutPeerCheck : "";
  if (lock !== undefined)
    return { name: "npm", command: `npm ci --ignore-scripts${peers}`, why: `there is a ${lock}`, notes: [] };
  const bun = ["bun.lock", "bun.lockb"].find(has);
  if (bun !== undefined)
    return {
      name: "bun",
      command: `${addManager("bun", base, manifest)} && node_modules/.bin/bun install --frozen-lockfile --ignore-scripts`,
      why: `there is a ${escapedText(bun)}`,
      notes: [],
    };
  return {
    name: "npm",
    command: `${unlockedInstall}${peers}`,
    why: "package.json has dependencies",
    notes: ["there is no lockfile: versions of packages are not pinned, and two runs may get different versions"],
  };
}

/** What the fetch step adds so that scripts find the package managers that they call; empty if they call only npm. */
export function managersForScripts(
  base: DetectionFiles,
  { manifest, scripts }: { manifest: Manifest; scripts: ReadonlyMap<string, string> },
): string {
  const texts = reachedFrom(["test", "build", "pretest", "prepare", "compile"], scripts).join("\n");
  const own = managerOf(base, manifest).name;
  return (["pnpm", "yarn", "bun"] as const)
    .filter((name) => new RegExp(`(?:^|[\\s;&|("'])${name}x?\\s`, "mu").test(texts))
    .filter((name) => name !== "bun" || own !== "bun")
    .map((name) => ` && ${addManager(name, base, manifest)}`)
    .join("");
}

/** Puts a manager beside the programs in `node_modules/.bin`, unless one is there. Its install script does not run. */
function addManager(name: Exclude<ManagerName, "npm">, base: DetectionFiles, manifest: Manifest): string {
  const install = (what: string) =>
    `npm install --prefix ${folder} --no-save --no-package-lock --ignore-scripts ${what}`;
  const link = (from: string, to: string) => `ln -sf ../.managers/node_modules/${from} node_modules/.bin/${to}`;
  if (name === "bun") {
    const built = "@oven/bun-linux-$(uname -m | sed s/x86_64/x64/)";
    const version = namedVersion(manifest, "bun") ?? wantedMajor(manifest, "bun") ?? versionOfBun;
    const bin = `${built}/bin/bun`;
    return `mkdir -p node_modules/.bin && ${install(`${built}@${version}`)} && ${link(bin, "bun")} && ${link(bin, "bunx")}`;
  }
  const what = name === "pnpm" ? `pnpm@${pnpmVersion(base, manifest)}` : yarnPackage(base, manifest);
  return `{ [ -e node_modules/.bin/${name} ] || { ${install(what)} && ${link(`.bin/${name}`, name)}; }; }`;
}

/** The exact version in `packageManager`, if it names this manager. */
function namedVersion({ packageManager }: Manifest, name: ManagerName): string | undefined {
  // The field can hold anything; only text has a version.
  const [, whose, version] =
    /^(npm|pnpm|yarn|bun)@(\d{1,3}\.\d{1,4}\.\d{1,4})(?:$|[+-])/u.exec(
      typeof packageManager === "string" ? packageManager : "",
    ) ?? [];
  return whose === name ? version : undefined;
}

/** The newest release of the first major version that `engines` asks for, if that is written plainly. */
function wantedMajor({ engines }: Manifest, name: ManagerName): string | undefined {
  const range = isJsonObject(engines) ? engines[name] : undefined;
  return /^(?:>=|\^|~)?\s*(\d{1,2})(?:\.[\dx*]+){0,2}$/u.exec(typeof range === "string" ? range.trim() : "")?.[1];
}

/** A pnpm release that reads this lockfile's version and the workspace file, which holds settings without packages since 10 and `allowBuilds` since 11. */
function pnpmVersion(base: DetectionFiles, manifest: Manifest): string {
  const exact = namedVersion(manifest, "pnpm");
  if (exact !== undefined) return exact;
  const [lock, workspace] = [fileText(base, "pnpm-lock.yaml"), fileText(base, "pnpm-workspace.yaml")];
  if (lock === undefined && !base.paths.includes("pnpm-lock.yaml")) return wantedMajor(manifest, "pnpm") ?? "9";
  const version = /^lockfileVersion:\s*['"]?(\d+)/mu.exec(lock ?? "")?.[1];
  if (version === "5") return "7";
  if (version === "6") return "8";
  if (workspace === undefined) return "9";
  if (/^allowBuilds[ \t]*:/mu.test(workspace)) return "11";
  return /^packages[ \t]*:/mu.test(workspace) ? "9" : "10";
}

function isClassicYarn(base: DetectionFiles): boolean {
  return /^# yarn lockfile v1/mu.test(fileText(base, "yarn.lock") ?? "# yarn lockfile v1");
}

function yarnPackage(base: DetectionFiles, manifest: Manifest): string {
  const exact = namedVersion(manifest, "yarn");
  const isClassic = base.paths.includes("yarn.lock")
    ? isClassicYarn(base)
    : exact === undefined || exact.startsWith("1.");
  return isClassic ? "yarn@1.22.22" : `@yarnpkg/cli-dist@${exact ?? "4"}`;
}

/** Texts of the named scripts and of the scripts that they mention. */
function reachedFrom(names: readonly string[], scripts: ReadonlyMap<string, string>): string[] {
  const reached = new Map<string, string>();
  const visit = (name: string) => {
    const text = scripts.get(name);
    if (text === undefined || reached.has(name) || reached.size >= scriptsMax) return;
    reached.set(name, text);
    for (const part of text.split(/[\s"';&|()]+/u)) visit(part);
    for (const around of [`pre${name}`, `post${name}`]) visit(around);
  };
  for (const name of names) visit(name);
  return [...reached.values()];
}
