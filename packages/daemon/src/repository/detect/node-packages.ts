/** Detects how a Node project's dependencies are fetched: by the lockfile's package manager, without install scripts, into which folders. Pure. */
import { hasControls } from "@aedev/contracts";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import { type DetectionFiles, escapedText, fileText, type SettingReason } from "./finding.ts";
import { isJsonObject } from "./json-object.ts";
import { type Manager, managerOf, managersForScripts, unlockedInstall, withoutPeerCheck } from "./node-managers.ts";
import { unregisteredDevDependencies, unregisteredPackages } from "./unregistered-packages.ts";
import { workspaceAbove } from "./workspace.ts";

export interface Packages {
  readonly manager: Manager["name"];
  /** Null if there is nothing to fetch. */
  readonly prepare: string | null;
  /** `prepare` without the lockfile, if there is one: it may not fit the manifest or this machine. */
  readonly unlocked: string | null;
  /** `prepare` without npm's check that peers fit each other, if npm fetches and checks. */
  readonly withoutPeerCheck: string | null;
  /** `prepare` without packages that are in no registry, if only development needs those. */
  readonly registryOnly: string | null;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly reasons: readonly SettingReason[];
  readonly notes: readonly string[];
  /** For a folder: the commands run at the top, in its workspace. Paths are as seen from the folder. */
  readonly isPreparedAtTop: boolean;
}

const outputsMax = 60;
const namedMax = 5;
const lockSchema = z.looseObject({ packages: z.record(z.string(), z.unknown()) });

/** `manifest`: the parsed package.json. `scripts`: its scripts that are text. */
export function findPackages(
  base: DetectionFiles,
  manifest: Readonly<Record<string, unknown>>,
  scripts: ReadonlyMap<string, string>,
): Packages {
  const workspace = workspaceAbove(base);
  if (workspace === null) return packagesIn(base, manifest, scripts);
  const { up } = workspace;
  const found = packagesIn(workspace.base, workspace.manifest, scripts);
  // If very many packages have their own folders, the last ones are left out.
  const own = found.outputs.find((path) => path === `${base.above?.folder}/node_modules`);
  const outputs = own === undefined ? found.outputs : [...new Set(["node_modules", own, ...found.outputs])];
  return {
    ...found,
    inputs: found.inputs.map((path) => `${up}${path}`),
    outputs: outputs.map((path) => `${up}${path}`),
    isPreparedAtTop: true,
  };
}

const nothingToFetch: Packages = {
  manager: "npm",
  prepare: null,
  unlocked: null,
  withoutPeerCheck: null,
  registryOnly: null,
  inputs: [],
  outputs: [],
  reasons: [],
  notes: [],
  isPreparedAtTop: false,
};
const inputsWithPatches = [
  ...["package.json", "**/package.json", "*-lock.*", "yarn.lock", "pnpm-workspace.yaml"],
  ...[".npmrc", ".yarnrc.yml", "patches/**"],
];

function packagesIn(
  base: DetectionFiles,
  manifest: Readonly<Record<string, unknown>>,
  scripts: ReadonlyMap<string, string>,
): Packages {
  const has = (path: string) => base.paths.includes(path);
  const dependencies = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"].reduce(
    (count, key) => count + sizeOf(manifest[key]),
    0,
  );
  const isWorkspace = manifest["workspaces"] !== undefined || has("pnpm-workspace.yaml");
  const { name: manager, command, why, notes } = managerOf(base, manifest);
  const called = managersForScripts(base, { manifest, scripts });
  // Bun is its own test runner, so even a project without dependencies needs it.
  if (dependencies === 0 && !isWorkspace && called === "" && manager !== "bun") return nothingToFetch;
  const inputs = base.paths.some((path) => path.startsWith("patches/")) ? inputsWithPatches : [];
  const unregistered = unregisteredDevDependencies(manifest);
  // Works on the fetch step's copy of the manifest.
  const leftOut = `npm pkg delete ${unregistered.map((name) => `'devDependencies[${name}]'`).join(" ")}`;
  const outputs = ["node_modules", ...(isWorkspace ? nestedModules(base.paths) : [])];
  return {
    manager,
    prepare: `${command}${called}`,
    unlocked: unlockedOf({ manager, command, isWorkspace, called }),
    withoutPeerCheck:
      manager !== "npm" || command.endsWith(withoutPeerCheck) ? null : `${command}${withoutPeerCheck}${called}`,
    registryOnly: unregistered.length === 0 || isWorkspace ? null : `${leftOut} && ${unlockedInstall}${called}`,
    inputs,
    outputs,
    reasons: [
      { setting: "prepare", why },
      { setting: "outputs", why: `where ${manager} puts packages` },
      ...(inputs.length > 0 ? [{ setting: "inputs" as const, why: "there are patches of packages" }] : []),
    ],
    notes: [...notes, ...unregisteredPackages(base, manifest), ...installScripts(base)],
    isPreparedAtTop: false,
  };
}

/** If Bun fetches, it often runs the tests too. */
function unlockedOf(known: {
  manager: Manager["name"];
  command: string;
  isWorkspace: boolean;
  called: string;
}): string | null {
  const { manager, command, isWorkspace, called } = known;
  if (manager === "bun") return `rm -f bun.lock bun.lockb && ${command.replace(" --frozen-lockfile", "")}${called}`;
  if (command.startsWith(unlockedInstall)) return null;
  if (manager === "npm") return `${unlockedInstall}${called}`;
  // npm ignores what only pnpm and Yarn write into a workspace's manifests.
  return isWorkspace ? null : `${unlockedInstall}${withoutPeerCheck}${called}`;
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

/** npm's lockfile marks packages with install scripts. */
function installScripts(base: DetectionFiles): string[] {
  const lock = lockSchema.safeParse(parseJson(fileText(base, "package-lock.json")));
  if (!lock.success) return [];
  const names = Object.entries(lock.data.packages)
    .filter(([, value]) => isJsonObject(value) && value["hasInstallScript"] === true && value["optional"] !== true)
    .map(([path]) => escapedText(path.replace(/^.*node_modules\//u, "")));
  if (names.length === 0) return [];
  const list = `${names.slice(0, namedMax).join(", ")}${names.length > namedMax ? ` and ${names.length - namedMax} more` : ""}`;
  return [`install scripts of ${list} did not run; if the tests need them: --build "npm rebuild" (it has no network)`];
}

function sizeOf(value: unknown): number {
  return isJsonObject(value) ? Object.keys(value).length : 0;
}
