/** A base that moves while judges think: the judged change lands only if nothing that the decision depended on changed too. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixTurns, Laboratory, registerSmallProject } from "./support/laboratory.ts";
import { passing } from "./support/model-server.ts";
import { tagOf } from "./support/scripted-change.ts";

let laboratory: Laboratory;
/** For each repository, a promise that the second judge was asked, and one that lets it answer. */
const thinking = new Map<string, { asked: PromiseWithResolvers<void>; answers: PromiseWithResolvers<void> }>();

async function open(options: { policies?: string }): Promise<void> {
  laboratory = await Laboratory.open({ configuration: "limits:\n  concurrent_runs: 4\n", ...options });
  laboratory.models.coder = { "": fixTurns };
  laboratory.models.gemini = (prompt) => {
    const name = [...thinking.keys()].find((known) => prompt.text.includes(tagOf(known))) ?? "";
    thinking.get(name)?.asked.resolve();
    return { ...passing(prompt), until: thinking.get(name)?.answers.promise };
  };
  await laboratory.must("daemon", "start");
}
const close = () => laboratory[Symbol.asyncDispose]();

/** Makes `change` on the remote while the second judge is thinking. */
async function whileJudging(name: string, change: (bare: string) => Promise<unknown>) {
  const judge = { asked: Promise.withResolvers<void>(), answers: Promise.withResolvers<void>() };
  thinking.set(name, judge);
  const bare = await registerSmallProject(laboratory, name);
  const id = await laboratory.submit(name, `Make add() right for negative numbers in lib/add.js ${tagOf(name)}`);
  await judge.asked.promise;
  await change(bare);
  const moved = await laboratory.git(bare, "rev-parse", "main");
  judge.answers.resolve();
  const { exitCode, task } = await laboratory.wait(id);
  const tip = await laboratory.git(bare, "rev-parse", "main");
  return { exitCode, code: task.hold_code, runs: task.runs.length, landed: tip !== moved };
}

describe("a base that moved while judges thought", () => {
  beforeAll(() => open({}));
  afterAll(close);

  it.concurrent("accepts the change if another file changed", async () => {
    const ended = await whileJudging("control", (bare) => laboratory.pushElsewhere(bare, { "README.md": "# other\n" }));
    expect(ended).toEqual({ exitCode: 0, code: null, runs: 1, landed: true });
  });

  it.concurrent("rejects the change if control now finds something else, such as a twin of a new file's name", async () => {
    const test = 'require("node:test").test("another", () => undefined);\n';
    const ended = await whileJudging("twin", (bare) =>
      laboratory.pushElsewhere(bare, { "test/NEGATIVE.test.js": test }),
    );
    expect(ended).toEqual({ exitCode: 4, code: "HOLD-PATCH-UNSAFE", runs: 1, landed: false });
  });

  it.concurrent("rejects the change under settings that the repository has replaced: a next run asks under the new ones", async () => {
    const ended = await whileJudging("settings", (bare) =>
      laboratory.pushElsewhere(bare, { ".aedev.yaml": "profile: safe\n" }),
    );
    expect(ended).toEqual({ exitCode: 4, code: null, runs: 2, landed: false });
    const [told] = laboratory.models.requests.filter(({ body }) => body.includes("The previous run"));
    expect(told?.body).toContain("the new base has a different .aedev.yaml");
  });

  it.concurrent("does not carry the change to another branch, nor back and forth forever between two", async () => {
    const ended = await whileJudging("branch", async (bare) => {
      await laboratory.git(bare, "branch", "develop", "main");
      await laboratory.git(bare, "symbolic-ref", "HEAD", "refs/heads/develop");
      await laboratory.pushElsewhere(bare, { "README.md": "# other\n" });
    });
    expect(ended).toEqual({ exitCode: 4, code: "HOLD-BASE-MOVED", runs: 1, landed: false });
  });
});

describe("a base that moved while repair is off", () => {
  beforeAll(() => open({ policies: "repair:\n  max_runs: 0\n" }));
  afterAll(close);

  it("holds a change that no longer applies, and accepts it if another file changed", async () => {
    const content = "exports.add = (a, b) => b + Math.abs(a);\nexports.twice = (a) => a * 2;\n";
    const [same, other] = await Promise.all([
      whileJudging("same", (bare) => laboratory.pushElsewhere(bare, { "lib/add.js": content })),
      whileJudging("other", (bare) => laboratory.pushElsewhere(bare, { "README.md": "# other\n" })),
    ]);
    expect(same).toEqual({ exitCode: 4, code: "HOLD-BASE-MOVED", runs: 1, landed: false });
    expect(other).toEqual({ exitCode: 0, code: null, runs: 1, landed: true });
  });
});
