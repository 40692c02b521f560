/** A secret in a person's text is refused before anything is stored; one in the base's instructions holds the task. Neither leaks (SECURITY T37). */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";

let laboratory: Laboratory;
let bare: string;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  await laboratory.must("daemon", "start");
  bare = await registerSmallProject(laboratory);
});
afterAll(() => laboratory[Symbol.asyncDispose]());

const random = ["qZ7Kp2vX", "w9LrT4mN", "sB8cYd3F"].join("");
const secret = ["sk", "live", random].join("_");
const placeholder = "$STRIPE_KEY";
const criterion = "a new test fails before the change and passes after it";
const intake = (text: string, criteria = criterion) =>
  laboratory.run("intake", text, "--again", "--repo", "small", "--criterion", criteria, "--no-input", "--json");

/** Every file of the home that contains the random part of the secret. */
function filesWithSecret(folder = laboratory.home): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesWithSecret(path);
    return entry.isFile() && readFileSync(path).includes(random) ? [path] : [];
  });
}

function expectRefused(result: { exitCode: number; stdout: string; stderr: string }, place: string): void {
  expect(result.exitCode).toBe(1);
  const said = `${result.stdout}${result.stderr}`;
  expect(said).toContain(place);
  expect(said).toContain("secret-in-text");
  expect(said).not.toContain(random);
  expect(filesWithSecret()).toEqual([]);
}

describe("a mission with a secret", () => {
  it("a secret in a mission's text is refused with the place, and a placeholder is accepted", async () => {
    const text = (key: string) => `Charge cards in lib/pay.js\n\nUse the key ${key} for it.`;
    expectRefused(await intake(text(secret)), "text, line 3, column 13");
    expect((await intake(text(placeholder))).exitCode).toBe(0);
    expect((await intake(text("<token>"))).exitCode).toBe(0);
  });

  it("a secret in a criterion is refused, even without --json", async () => {
    const text = (key: string) => `a call with ${key} is answered, shown by a new test`;
    expectRefused(await intake("Fix add() in lib/add.js", text(secret)), "criterion 1, line 1, column 13");
    const plain = await laboratory.run("intake", "Fix add()", "--repo", "small", "--criterion", text(secret));
    expect([plain.exitCode, `${plain.stdout}${plain.stderr}`.includes(random)]).toEqual([1, false]);
    expect(plain.stderr).toContain("criterion 1, line 1, column 13");
    expect((await intake("Fix add() in lib/add.js", text(placeholder))).exitCode).toBe(0);
  });

  it("a secret behind terminal colours or in Base64 is refused", async () => {
    expectRefused(await intake(`Fix add() with \u001b[1m${secret}\u001b[0m`), "text, line 1, column");
    expectRefused(await intake(`Fix add() with ${Buffer.from(`key=${secret}`).toString("base64")}`), "text, line 1");
  });

  it("a secret in a file of missions is refused by the mission's name, and the missions before it are cancelled", async () => {
    const file = join(laboratory.folder, "missions.yaml");
    const missions = (key: string) =>
      JSON.stringify([
        { key: "first", repo: "small", text: "Fix add() in lib/add.js", criteria: [criterion] },
        { key: "second", repo: "small", text: `Charge with ${key} in lib/pay.js`, criteria: [criterion] },
      ]);
    writeFileSync(file, missions(secret));
    const refused = await laboratory.run("intake", "--file", file, "--again", "--json");
    expectRefused(refused, "text, line 1, column 13");
    expect(`${refused.stdout}${refused.stderr}`).toContain("second");
    writeFileSync(file, missions(placeholder));
    expect((await laboratory.run("intake", "--file", file, "--again", "--json")).exitCode).toBe(0);
  });
});

describe("later texts of a person that contain a secret", () => {
  it("are refused as answers to clarification and as a reason", async () => {
    const unclear = await laboratory.run("intake", "fix it", "--repo", "small", "--no-input", "--json");
    expect(unclear.exitCode).toBe(4);
    const { mission_id, questions } = unclear.json<{ mission_id: string; questions: { id: string }[] }>();
    const answer = (key: string) =>
      laboratory.run(
        "mission",
        "answer",
        mission_id,
        ...questions.flatMap(({ id }) => [
          "--answer",
          `${id}=lib/add.js charges with ${key}, and a new test fails before and passes after`,
        ]),
        "--json",
      );
    expectRefused(await answer(secret), "answer 1, line 1, column");
    const accepted = await answer(placeholder);
    expect(`${accepted.stdout}${accepted.stderr}`).not.toContain("secret-in-text");
    const reject = (key: string) =>
      laboratory.run("mission", "reject", mission_id, "--reason", `wrong key ${key}`, "--json");
    expectRefused(await reject(secret), "reason, line 1, column 11");
    expect(`${(await reject(placeholder)).stderr}`).not.toContain("secret-in-text");
  });
});

describe("an instruction file of the base that contains a secret", () => {
  it("holds the task before the coder gets anything, and names the place", async () => {
    await laboratory.pushElsewhere(bare, { "CLAUDE.md": `# Rules\n\nPay with ${secret}.\n` });
    const submitted = (await intake("Fix add() in lib/add.js")).json<{ mission_id: string }>();
    await laboratory.must("mission", "approve", submitted.mission_id);
    const held = await laboratory.until(async () => {
      const [task] = (await laboratory.mission(submitted.mission_id)).tasks;
      return task?.hold_code ? task : undefined;
    });
    expect(held).toMatchObject({ hold_code: "HOLD-SECRET", hold_detail: "CLAUDE.md, line 3, column 10 (stripe-key)" });
    // The mirror has the repository's own file, compressed; no other file has it.
    expect(filesWithSecret()).toEqual([]);
  });

  it("holds the task for another reason, or not at all, once the secret is a placeholder", async () => {
    await laboratory.pushElsewhere(bare, { "CLAUDE.md": `# Rules\n\nPay with ${placeholder}.\n` });
    const submitted = (await intake("Fix add() in lib/add.js again")).json<{ mission_id: string }>();
    await laboratory.must("mission", "approve", submitted.mission_id);
    const started = await laboratory.until(async () => {
      const [task] = (await laboratory.mission(submitted.mission_id)).tasks;
      return task?.hold_code || (task?.runs.length ?? 0) > 0 ? task : undefined;
    });
    expect(started.hold_code).not.toBe("HOLD-SECRET");
  });
});
