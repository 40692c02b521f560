import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFixtures } from "@aedev/fakes/fixture";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runDemo } from "../src/missions/run-demo.ts";
import { readScripts } from "../src/setup/missions-file.ts";
import { noPaint } from "../src/telling/paint.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aedev-scripts-"));
  cpSync(fileURLToPath(new URL("../../../config/demo", import.meta.url)), folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));
const change = (file: string, from: string, to: string) =>
  writeFileSync(join(folder, file), readFileSync(join(folder, file), "utf8").replace(from, to));

describe("missions.yaml", () => {
  it("ships three missions, each with three readable scripts; the first is vague, the last is tapped", () => {
    const { missions, folders, repository } = readScripts(undefined);
    expect(missions).toHaveLength(3);
    expect(missions[0]).toMatchObject({ criteria: [], answers: { criteria: expect.any(String) } });
    expect(missions.map(({ tap }) => tap)).toEqual([undefined, undefined, "Approve"]);
    expect(repository.package).toBe("minimist@1.2.5");
    for (const place of folders)
      for (const file of ["coder.json", "openai.json", "gemini.json"])
        expect(readFixtures(join(place, file)).length).toBeGreaterThan(0);
  });

  it("refuses a missions.yaml with an unknown key, and reads it without that key", () => {
    expect(readScripts(folder).folders[0]).toBe(join(folder, "mission-1"));
    change("missions.yaml", "repository:", "repositry:");
    expect(() => readScripts(folder)).toThrow(/missions\.yaml/);
  });
});

describe("aedev demo before it starts anything", () => {
  const environment = { PATH: process.env["PATH"], AEDEV_OPENAI_API_KEY: "k" };
  const write = () => undefined;
  const outside = { json: true, environment, paint: noPaint, write, complain: write };
  const quiet = { ...outside, live: false, repo: undefined, scripts: undefined };

  it("names the script file and the wrong place in it before it starts anything", async () => {
    change("mission-1/openai.json", '"content"', '"contents"');
    await expect(runDemo({ ...quiet, scripts: folder })).rejects.toThrow(/openai\.json: fixtures\.0\.response/);
  });

  it("names only the credentials that a live demo lacks", async () => {
    const refused = await runDemo({ ...quiet, live: true }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "no-credentials" });
    expect(String(refused)).toContain("AEDEV_CLAUDE_OAUTH_TOKEN, AEDEV_GEMINI_API_KEY missing");
    expect(String(refused)).not.toContain("AEDEV_OPENAI_API_KEY");
  });
});
