/** Judges can only veto: whatever goes wrong with one of them holds the change, by the right code and with the cause; only two clean passes merge it. */
import { afterEach, describe, expect, it } from "vitest";
import { Laboratory, registerSmallProject, type TaskView } from "./support/laboratory.ts";
import { type Judge, type JudgePrompt, type JudgeReply, passing } from "./support/model-server.ts";
import { fixAnd, tagOf } from "./support/scripted-change.ts";

const families = ["openai", "gemini"] as const;
type Family = (typeof families)[number];

const citing = (prompt: JudgePrompt, citation: unknown) => ({
  criteria: prompt.criteria.map((id) => ({ id, result: "met", citations: [citation] })),
});
/** What a judge can do wrong, and the detail that names it. Each would pass but for this one thing. */
const faults: [detail: string, Judge][] = [
  ["http_500", () => ({ status: 500 })],
  ["timeout", (prompt) => ({ ...passing(prompt), waitMs: 60_000 })],
  ["invalid_json", () => ({ raw: "I approve of this change." })],
  ["invalid_json", (prompt) => passing(prompt, { verdict: "approve" })],
  ["nonce", (prompt) => passing(prompt, { nonce: "0".repeat(prompt.nonce.length) })],
  ["digest", (prompt) => passing(prompt, { bundle_digest: "0".repeat(64) })],
  ["citation", (prompt) => passing(prompt, citing(prompt, { file: "lib/no-such-file.js", line: 1 }))],
  ["citation", (prompt) => passing(prompt, citing(prompt, { file: "lib/add.js", line: 4000 }))],
  ["citation", (prompt) => passing(prompt, citing(prompt, { evidence: "peer-review" }))],
  ["verdict", (prompt) => passing(prompt, { verdict: "inconclusive" })],
  ["verdict", (prompt) => passing(prompt, { criteria: [] })],
];

let laboratory: Laboratory | undefined;
afterEach(async () => {
  await laboratory?.[Symbol.asyncDispose]();
  laboratory = undefined;
});

/** A home whose judges answer per mission: `answers[case][family]`, and a pass where nothing else is said. */
async function openCourt() {
  const court = await Laboratory.open({ policies: "judges:\n  timeout: 4s\nrepair:\n  max_runs: 0\n" });
  laboratory = court;
  const answers: Record<string, Partial<Record<Family, Judge>>> = {};
  const answer =
    (family: Family) =>
    (prompt: JudgePrompt): JudgeReply => {
      const name = Object.keys(answers).find((known) => prompt.text.includes(tagOf(known)));
      return (answers[name ?? ""]?.[family] ?? passing)(prompt);
    };
  court.models.openai = answer("openai");
  court.models.gemini = answer("gemini");
  court.models.coder = { "": fixAnd() };
  await court.must("daemon", "start");
  const submit = async (name: string) => {
    await registerSmallProject(court, name);
    return court.submit(name, `Make add() right for negative numbers in lib/add.js ${tagOf(name)}`);
  };
  return { court, answers, submit };
}

const wordOf = ({ decision, hold_code, hold_detail }: TaskView) => [decision, hold_code, hold_detail];

describe("judges", () => {
  it("holds with family and cause whatever goes wrong with one of them, and merges the same change once both pass", async () => {
    const { court, answers, submit } = await openCourt();
    for (const family of families) answers[family] = { [family]: faults[0]?.[1] };
    const missions = { openai: await submit("openai"), gemini: await submit("gemini") };
    const release = async (family: Family) => {
      await court.must("hold", "release", await court.holdOf(missions[family]));
      return court.wait(missions[family]);
    };
    await Promise.all(
      families.map(async (family) => {
        const seen: unknown[] = [];
        for (const [index, [, reply]] of faults.entries()) {
          answers[family] = { [family]: reply };
          const { exitCode, mission, task } = index === 0 ? await court.wait(missions[family]) : await release(family);
          seen.push([exitCode, mission.status, ...wordOf(task)]);
        }
        expect(seen).toEqual(
          faults.map(([detail]) => [4, "held", "hold", "HOLD-VALIDATOR-INCONCLUSIVE", `${family} ${detail}`]),
        );
        answers[family] = {};
      }),
    );

    // Without a key: one set to nothing, one not set at all.
    const { AEDEV_OPENAI_API_KEY, AEDEV_GEMINI_API_KEY } = court.environment;
    await court.must("daemon", "stop");
    Object.assign(court.environment, { AEDEV_OPENAI_API_KEY: "", AEDEV_GEMINI_API_KEY: undefined });
    await court.must("daemon", "start");
    const asked = judgeRequests(court).length;
    for (const family of families)
      expect(wordOf((await release(family)).task)).toEqual(["hold", "HOLD-VALIDATOR-NOT-CONFIGURED", family]);
    expect(judgeRequests(court)).toHaveLength(asked);
    for (const family of families) expect(await commits(court, family)).toBe("1");

    await court.must("daemon", "stop");
    Object.assign(court.environment, { AEDEV_OPENAI_API_KEY, AEDEV_GEMINI_API_KEY });
    await court.must("daemon", "start");
    for (const family of families) {
      const { exitCode, mission, task } = await release(family);
      expect([exitCode, mission.status, ...wordOf(task)]).toEqual([0, "landed", "merge", null, null]);
      expect(task.runs).toHaveLength(1);
      expect(await commits(court, family)).toBe("2");
    }
  });

  it("holds a change that a judge fails, says who disagrees, and merges it when both pass in a new run", async () => {
    const { court, answers, submit } = await openCourt();
    const fail: Judge = (prompt) => passing(prompt, { verdict: "fail" });
    const unsure: Judge = () => ({ status: 503 });
    answers["openai-fails"] = { openai: fail };
    answers["gemini-fails"] = { gemini: fail };
    answers["both-fail"] = { openai: fail, gemini: fail };
    answers["fails-alone"] = { openai: unsure, gemini: fail };
    const names = Object.keys(answers);
    const ids: Record<string, string> = {};
    for (const name of names) ids[name] = await submit(name);
    const words: Record<string, unknown> = {};
    for (const name of names) words[name] = wordOf((await court.wait(ids[name] ?? "")).task);
    expect(words).toEqual({
      "openai-fails": ["hold", "HOLD-VALIDATOR-DISAGREEMENT", expect.stringMatching(/openai fail.*gemini pass/)],
      "gemini-fails": ["hold", "HOLD-VALIDATOR-DISAGREEMENT", expect.stringMatching(/gemini fail.*openai pass/)],
      "both-fail": ["hold", "HOLD-VALIDATOR-FAIL", expect.stringMatching(/openai fail.*gemini fail/)],
      "fails-alone": ["hold", "HOLD-VALIDATOR-FAIL", expect.stringContaining("gemini fail")],
    });
    for (const name of names) expect(await commits(court, name)).toBe("1");

    answers["openai-fails"] = {};
    const { task } = await court.wait(ids["openai-fails"] ?? "");
    const hold = await court.holdOf(ids["openai-fails"] ?? "");
    expect((await court.run("hold", "release", hold)).exitCode).toBe(1);
    await court.must("task", "retry", task.task_id);
    const again = await court.wait(ids["openai-fails"] ?? "");
    expect([again.mission.status, ...wordOf(again.task)]).toEqual(["landed", "merge", null, null]);
    expect(await commits(court, "openai-fails")).toBe("2");
  });
});

function judgeRequests(court: Laboratory) {
  return court.models.requests.filter(({ vendor }) => vendor !== "anthropic");
}

function commits(court: Laboratory, name: string): Promise<string> {
  return court.git(court.folder, "--git-dir", `${name}.git`, "rev-list", "--count", "main");
}
