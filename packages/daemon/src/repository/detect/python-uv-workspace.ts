/** Reads the uv workspace that a folder may belong to: its members, which of them can be imported, and the groups that `uv sync` needs. Pure. */
import { posix } from "node:path";
import { plainFolderPattern } from "@aedev/contracts";
import { parseToml } from "@aedev/host/parse-toml";
import { z } from "zod";
import { type DetectionFiles, fileText } from "./finding.ts";
import type { Declared } from "./python-declared.ts";
import { isMember } from "./workspace.ts";

const siblingsMax = 20;
const packageManifest = new RegExp(String.raw`^(${plainFolderPattern})/pyproject\.toml$`, "u");
const workspaceSchema = z.object({
  tool: z.object({
    uv: z.object({
      workspace: z.object({ members: z.array(z.unknown()), exclude: z.array(z.unknown()).catch([]).default([]) }),
    }),
  }),
});

/** Tells whether a folder belongs to the uv workspace at the top. */
export function uvWorkspace(base: DetectionFiles): (folder: string) => boolean {
  const found = workspaceSchema.safeParse(parseToml(fileText(base, "pyproject.toml") ?? ""));
  if (!found.success || !base.paths.includes("uv.lock")) return () => false;
  const { members, exclude } = found.data.tool.uv.workspace;
  return (folder) => isMember(members, folder) && !isMember(exclude, folder);
}

/** Where the workspace's other packages can be imported from, since they are not installed. */
export function importableFolders(
  { base, folder }: NonNullable<DetectionFiles["above"]>,
  isMemberOf: (folder: string) => boolean,
): string[] {
  const others = base.paths
    .flatMap((path) => packageManifest.exec(path)?.[1] ?? [])
    .filter((other) => other !== folder && isMemberOf(other));
  return others.slice(0, siblingsMax).flatMap((other) => {
    const flat = `${other}/${other.replace(/^.*\//u, "").replaceAll("-", "_")}/__init__.py`;
    if (base.paths.some((path) => path.startsWith(`${other}/src/`) && path.endsWith(".py")))
      return [posix.relative(folder, `${other}/src`)];
    return base.paths.includes(flat) ? [posix.relative(folder, other)] : [];
  });
}

/** Groups for tests that `uv sync` does not install by default. */
export function uvGroups({ groups, extras }: Pick<Declared, "groups" | "extras">): string {
  const named = (option: string, names: readonly string[]) =>
    names.filter((name) => /^[\w-]+$/u.test(name) && name !== "dev").map((name) => ` --${option} ${name}`);
  return [...named("group", groups), ...named("extra", extras)].join("");
}
