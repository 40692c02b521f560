/** Each missing requirement is a hold with its own code, and the task continues once it is there again. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fixTurns, Laboratory, registerSmallProject } from "./support/laboratory.ts";

let laboratory: Laboratory;
beforeEach(async () => {
  laboratory = await Laboratory.open();
  laboratory.models.coder = { "": fixTurns };
});
afterEach(() => laboratory[Symbol.asyncDispose]());

const mission = "Make add() right for negative numbers in lib/add.js";

async function holdOf(id: string): Promise<{ code: string; hold_id: string }> {
  return laboratory.until(async () => {
    const { holds } = (await laboratory.must("hold", "list", "--json")).json<{
      holds: { code: string; hold_id: string; mission_id: string }[];
    }>();
    return holds.find((hold) => hold.mission_id === id);
  });
}

describe("a missing requirement", () => {
  it("holds if the credential is absent or empty, and the task continues once it is set", async () => {
    laboratory.environment = { ...laboratory.environment, AEDEV_CLAUDE_OAUTH_TOKEN: undefined };
    await laboratory.must("daemon", "start");
    await registerSmallProject(laboratory);
    const id = await laboratory.submit("small", mission);
    const held = await laboratory.wait(id);
    expect({ exitCode: held.exitCode, code: held.task.hold_code }).toEqual({
      exitCode: 4,
      code: "HOLD-CLAUDE-AUTH-IN-DOCKER",
    });
    expect(laboratory.models.requests).toEqual([]);
    await laboratory.setSecret("AEDEV_CLAUDE_OAUTH_TOKEN", "sk-ant-oat01-now-it-is-set");
    await laboratory.must("hold", "release", (await holdOf(id)).hold_id);
    expect((await laboratory.wait(id)).exitCode).toBe(0);

    await laboratory.must("daemon", "stop");
    laboratory.environment = { ...laboratory.environment, AEDEV_CLAUDE_OAUTH_TOKEN: "" };
    await laboratory.must("daemon", "start");
    const second = await laboratory.wait(await laboratory.submit("small", "Do it once more in lib/add.js"));
    expect(second.task.hold_code).toBe("HOLD-CLAUDE-AUTH-IN-DOCKER");
  });

  it("holds without the runner image, and without an image that a repository names", async () => {
    await laboratory.configure("system:\n  runner_image: aedev-no-such-image:1\n");
    await laboratory.must("daemon", "start");
    const bare = await registerSmallProject(laboratory);
    const held = await laboratory.wait(await laboratory.submit("small", mission));
    expect({ exitCode: held.exitCode, code: held.task.hold_code }).toEqual({
      exitCode: 4,
      code: "HOLD-CLAUDE-DOCKER-IMAGE",
    });
    const doctor = await laboratory.run("doctor");
    expect(doctor.exitCode).toBe(1);
    expect(doctor.stdout).toContain("aedev-no-such-image:1 is missing");

    await laboratory.must("daemon", "stop");
    await laboratory.configure("");
    await laboratory.must("daemon", "start");
    await laboratory.must("repo", "add", bare, "--name", "small", "--image", "aedev-no-such-toolchain:1");
    const second = await laboratory.wait(await laboratory.submit("small", mission));
    expect(second.task.hold_code).toBe("HOLD-TOOLCHAIN");
    await laboratory.must("repo", "add", bare, "--name", "small", "--image", "");
    await laboratory.must("hold", "release", (await holdOf(held.mission.mission_id)).hold_id);
    expect((await laboratory.wait(held.mission.mission_id)).exitCode).toBe(0);
  });

  it("asks if a judge's key is missing and the policy says to ask, with the number of judges, and merges once both keys are set", async () => {
    writeFileSync(
      join(laboratory.home, "policies.yaml"),
      "second_implementation: never\njudges:\n  when_missing: ask\n",
    );
    const { AEDEV_OPENAI_API_KEY, AEDEV_GEMINI_API_KEY } = laboratory.environment;
    await laboratory.must("daemon", "start");
    const bare = await registerSmallProject(laboratory);
    const judged = async (keys: Record<string, string | undefined>) => {
      await laboratory.must("daemon", "stop");
      Object.assign(laboratory.environment, { AEDEV_OPENAI_API_KEY, AEDEV_GEMINI_API_KEY }, keys);
      await laboratory.must("daemon", "start");
      const { exitCode, task } = await laboratory.wait(await laboratory.submit("small", mission));
      const { reasons } = (await laboratory.must("task", "show", task.task_id, "--json")).json<{
        reasons: string[];
      }>();
      return [exitCode, task.decision, task.hold_code, task.runs.length, reasons];
    };
    const one = await judged({ AEDEV_GEMINI_API_KEY: undefined });
    expect(one).toEqual([4, "ask", null, 1, expect.arrayContaining(["1 of 2 necessary judges passed it"])]);
    const none = await judged({ AEDEV_OPENAI_API_KEY: "", AEDEV_GEMINI_API_KEY: undefined });
    expect(none).toEqual([4, "ask", null, 1, expect.arrayContaining(["0 of 2 necessary judges passed it"])]);
    expect(await laboratory.git(bare, "rev-list", "--count", "main")).toBe("1");
    expect((await judged({})).slice(0, 4)).toEqual([0, "merge", null, 1]);
  });

  it("holds while Docker does not answer, and the task continues automatically", async () => {
    laboratory.environment = { ...laboratory.environment, DOCKER_HOST: `unix://${laboratory.folder}/no-engine.sock` };
    await laboratory.must("daemon", "start");
    await registerSmallProject(laboratory);
    const id = await laboratory.submit("small", mission);
    const hold = await holdOf(id);
    expect(hold.code).toBe("HOLD-DOCKER-UNAVAILABLE");
    expect((await laboratory.run("doctor")).exitCode).toBe(1);
    const socket = (process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock").replace("unix://", "");
    await execa("ln", ["-s", socket, `${laboratory.folder}/no-engine.sock`]);
    const { exitCode, task } = await laboratory.wait(id);
    expect({ exitCode, decision: task.decision, runs: task.runs.length }).toEqual({
      exitCode: 0,
      decision: "merge",
      runs: 1,
    });
  });
});
