/** Reads `instances.jsonl` of a folder of real patches: changes to real repositories of which stronger tests said whether they are right. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { hasTree } from "../../decided/one-commit.ts";
import { clonesIn } from "../../honest/history.ts";

/** `verdict_tests`, the labels' source, is not read: the gate must never see it. */
const instanceSchema = z.object({
  id: z.string(),
  repository: z.string(),
  base_commit: z.string(),
  language: z.enum(["javascript", "python"]),
  issue: z.string(),
  tests: z.string(),
  test_command: z.string(),
  test_files: z.array(z.string()),
  install: z.string(),
  seconds: z.number(),
  disputed: z.boolean(),
  changes: z.array(z.object({ id: z.string(), right: z.boolean(), patch: z.string() })),
});
export type Instance = z.infer<typeof instanceSchema>;

/** Those whose tests are quickest first. */
export function readInstances(folder: string): Instance[] {
  const lines = readFileSync(join(folder, "instances.jsonl"), "utf8").split("\n");
  return lines
    .filter((line) => line !== "")
    .map((line) => instanceSchema.parse(JSON.parse(line)))
    .toSorted((one, other) => one.seconds - other.seconds);
}

/** The git directory below `mirrors` with the instance's base: the repository's own (`owner+name`), or that of a fork with the same name. */
export async function mirrorOf({ repository, base_commit: commit }: Instance, mirrors: string): Promise<string | null> {
  const own = repository.replace("/", "+");
  const isFork = (name: string) => name.endsWith(`+${own.split("+")[1]}`);
  const clones = existsSync(mirrors) && readdirSync(mirrors).length > 0 ? clonesIn(mirrors) : [];
  const places = [
    ...clones.filter(({ name }) => name === own),
    ...clones.filter(({ name }) => name !== own && isFork(name)),
  ];
  for (const { gitDir } of places) if (await hasTree(gitDir, commit)) return gitDir;
  return null;
}
