/** Reads the missions of `aedev demo --board` from config/demo/board, parsed strictly, and writes the change of each as a patch. */
import { fileURLToPath } from "node:url";
import { parseYamlText } from "@aedev/cli/intake/yaml-text";
import { holdCodeSchema } from "@aedev/contracts";
import { profileSchema } from "@aedev/contracts/events";
import { readScript } from "@aedev/fakes/read-script";
import { z } from "zod";
import { drawnDigest } from "./chance.ts";

const path = fileURLToPath(new URL("../../../../config/demo/board/missions.yaml", import.meta.url));
const languages = ["typescript", "python", "go"] as const;

const ends = [
  "landed",
  "reverted",
  "rejected",
  "cancelled",
  "refused",
  "asked",
  "held",
  "running",
  "checking",
  "judging",
  "ready",
  "waiting",
  "questions",
  "draft",
] as const;

const repositorySchema = z.strictObject({
  url: z.string(),
  language: z.enum(languages),
  profile: profileSchema,
  /** Tests that pass before and after each change. */
  green: z.int().positive(),
});
const missionSchema = z.strictObject({
  in: z.string(),
  end: z.enum(ends),
  ago: z.number().positive(),
  ask: z.string(),
  criterion: z.string().exactOptional(),
  file: z.string().exactOptional(),
  old: z.string().exactOptional(),
  new: z.string().exactOptional(),
  proof: z.tuple([z.string(), z.string()]).exactOptional(),
  code: holdCodeSchema.exactOptional(),
  why: z.string().nullish(),
});
const boardSchema = z.strictObject({
  repositories: z.record(z.string(), repositorySchema),
  missions: z.array(missionSchema).max(100),
});
export type BoardMission = z.infer<typeof missionSchema>;
export type BoardRepository = z.infer<typeof repositorySchema>;
export type Board = z.infer<typeof boardSchema>;

/** Throws a fault that names the file and the problem in it. */
export function readBoard(): Board {
  return readScript(path, boardSchema, parseYamlText);
}

/** What a test of the mission shows, in words. */
export function criteriaOf({ criterion, proof }: BoardMission): string[] {
  if (criterion !== undefined) return [criterion];
  return proof === undefined ? [] : [`${proof[0]} returns ${proof[1]}`];
}

/** The change of code and the test that shows it, as git would print them; a revert has them the other way round. */
export function patchOf(mission: BoardMission, { language }: BoardRepository, { isRevert = false } = {}): string {
  const { file, old = "", new: added = "", proof } = mission;
  if (file === undefined || proof === undefined) throw new Error(`"${mission.ask}" has no change`);
  const code = { path: file, before: old.split("\n"), after: added.split("\n") };
  const test = { path: testPath(file, language), before: [], after: testLines(proof, language) };
  return [code, test].map((change) => fileDiff(isRevert ? turned(change) : change)).join("");
}

/** The name of the mission's test, as its runner reports it. */
export function testName({ file = "", proof = ["", ""] }: BoardMission, { language }: BoardRepository): string {
  return `${testPath(file, language)} > ${proof[0]} returns ${proof[1]}`;
}

interface FileChange {
  readonly path: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

function turned({ path: file, before, after }: FileChange): FileChange {
  return { path: file, before: after, after: before };
}

function fileDiff({ path: file, before, after }: FileChange): string {
  const id = (lines: readonly string[]) => drawnDigest(40, file, ...lines).slice(0, 10);
  const line = 8 + (Number.parseInt(drawnDigest(40, file).slice(0, 4), 16) % 60);
  const head = `diff --git a/${file} b/${file}\nindex ${id(before)}..${id(after)} 100644\n--- a/${file}\n+++ b/${file}\n`;
  const lines = [...before.map((text) => `-${text}`), ...after.map((text) => `+${text}`)];
  return `${head}@@ -${line},${before.length} +${line},${after.length} @@\n${lines.join("\n")}\n`;
}

function testPath(file: string, language: BoardRepository["language"]): string {
  if (language === "typescript") return file.replace(/^src/, "test").replace(/\.ts$/, ".test.ts");
  return language === "go" ? file.replace(/\.go$/, "_test.go") : file.replace(/^[^/]*\//, "tests/test_");
}

function testLines([call, value]: readonly [string, string], language: BoardRepository["language"]): string[] {
  const name = (/^\w+/.exec(call)?.[0] ?? "it").replace(/^./, (letter) => letter.toUpperCase());
  switch (language) {
    case "typescript":
      return [
        "",
        `  it(${JSON.stringify(`returns ${value}`)}, () => {`,
        `    expect(${call}).toBe(${value});`,
        "  });",
      ];
    case "python":
      return ["", "", `def test_${name.toLowerCase()}():`, `    assert ${call} == ${value}`];
    case "go":
      return [
        ...["", `func Test${name}(t *testing.T) {`, `\tif got := ${call}; got != ${value} {`],
        ...[`\t\tt.Fatalf("got %v", got)`, "\t}", "}"],
      ];
  }
}
