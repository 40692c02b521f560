/** Reads the verify commands' scripts, runners and configuration files from the base, so that a change can't influence them. */
import { posix } from "node:path";
import type { RepositorySettings } from "@aedev/contracts";
import { buildFiles } from "@aedev/host/build-files";
import { configurationFiles, folderOfCommand, packageScripts } from "@aedev/host/command-files";
import { pytestSettingsFiles } from "@aedev/host/python-test-names";
import { type CheckEntries, type Objects, readBlob } from "../../tree/check-tree.ts";
import { type CommandPlan, planCommand } from "./plan.ts";

type Commands = Pick<RepositorySettings, "verify">;
type CommandsAndBuild = Pick<RepositorySettings, "verify" | "build">;
type Scripts = Readonly<Record<string, string>>;

/** Configuration files that the base's commands name, and the files that build them. Like those with well-known names, they come from the base. */
export async function namedFiles(
  { verify, build }: CommandsAndBuild,
  objects: Objects,
  base: CheckEntries,
): Promise<ReadonlySet<string>> {
  const scripts = await scriptsOf([...verify, ...(build === null ? [] : [build])], objects, base);
  const scriptsIn = (folder: string) => scripts.get(folder) ?? {};
  const has = (path: string) => base.has(path);
  const built = await buildFiles({ build, scriptsIn, has, read: (path) => textOf(objects, base, path) });
  return new Set([...configurationFiles({ commands: verify, scriptsIn, has }), ...built]);
}

/** The commands as the base's scripts resolve them. */
export async function plansOf({ verify }: Commands, objects: Objects, base: CheckEntries): Promise<CommandPlan[]> {
  const all = await scriptsOf(verify, objects, base);
  const plans: CommandPlan[] = [];
  for (const command of verify) {
    const folder = folderOfCommand(command);
    const scripts = all.get(folder) ?? {};
    const named = new Map<string, string | null>();
    for (const word of [command, ...Object.values(scripts)].flatMap((text) => text.split(/\s+/u))) {
      const name = word.replace(/^\.\//u, "");
      const path = posix.join(folder, name);
      if (base.has(path)) named.set(name, await textOf(objects, base, path));
    }
    for (const name of pytestSettingsFiles)
      for (const path of [posix.join(folder, name), name])
        if (base.has(path) && !named.has(name)) named.set(name, await textOf(objects, base, path));
    const read = (path: string) => named.get(path) ?? null;
    plans.push(planCommand(command, { scripts, read }));
  }
  return plans;
}

/** The base's scripts by the folder that commands run in. */
async function scriptsOf(
  commands: readonly string[],
  objects: Objects,
  base: CheckEntries,
): Promise<Map<string, Scripts>> {
  const found = new Map<string, Scripts>();
  for (const folder of new Set(commands.map(folderOfCommand))) {
    const text = await textOf(objects, base, posix.join(folder, "package.json"));
    found.set(folder, packageScripts(text));
  }
  return found;
}

async function textOf(objects: Objects, base: CheckEntries, path: string): Promise<string | null> {
  const entry = base.get(path);
  return entry?.mode.startsWith("100") ? (await readBlob(objects, entry.id)).toString("utf8") : null;
}
