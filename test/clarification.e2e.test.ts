/** A person's answers reach the coder and the judges, and no coder starts before: the real loop with scripted models. */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { fixTurns, Laboratory, registerSmallProject } from "./support/laboratory.ts";
import type { RecordedRequest } from "./support/model-server.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
});
afterAll(() => laboratory[Symbol.asyncDispose]());

interface Clarity {
  readonly mission_id: string;
  readonly spec_digest: string;
  readonly questions: readonly { id: string; text: string }[];
}
const requestsOf = (vendor: RecordedRequest["vendor"]) =>
  laboratory.models.requests.filter((request) => request.vendor === vendor);
/** The first prompt of a request, as the model reads it. */
const words = ({ body }: RecordedRequest) =>
  JSON.stringify(JSON.parse(body)).replaceAll("\\\\n", "\n").replaceAll("\\n", "\n");

it("aedev asks first; the answers reach the coder's prompt and the judges, under the approved hash", async () => {
  laboratory.models.coder = { "Make adding nice": fixTurns };
  const asked = await laboratory.run("intake", "Make adding nice", "--repo", "small", "--no-input", "--json");
  expect(asked.exitCode).toBe(4);
  const { mission_id: id, questions } = asked.json<Clarity>();
  expect(questions.map((question) => question.id)).toEqual(["criteria", "outcome", "target"]);
  expect((await laboratory.run("mission", "approve", id)).exitCode).toBe(1);
  expect(laboratory.models.requests).toEqual([]);

  const answers = {
    criteria: "add(-1, 2) returns 1, in a new test",
    outcome: "negative numbers keep their sign in the sum",
    target: "lib/add.js",
  };
  const flags = Object.entries(answers).flatMap(([question, text]) => ["--answer", `${question}=${text}`]);
  const clear = (await laboratory.must("mission", "answer", id, ...flags, "--json")).json<Clarity>();
  expect(laboratory.models.requests).toEqual([]);
  await laboratory.must("mission", "approve", id, "--digest", clear.spec_digest);
  const { exitCode, mission } = await laboratory.wait(id);
  expect({ exitCode, status: mission.status, digest: mission.spec_digest }).toEqual({
    exitCode: 0,
    status: "landed",
    digest: clear.spec_digest,
  });

  const coder =
    requestsOf("anthropic")
      .map(words)
      .find((text) => text.includes("# Mission: Make adding nice")) ?? "";
  const judges = [...requestsOf("openai"), ...requestsOf("gemini")].map(words);
  expect(judges).toHaveLength(4);
  expect(coder).toContain(`criterion c1: ${answers.criteria}`);
  for (const text of [coder, ...judges])
    for (const expected of [
      ...Object.values(answers),
      ...questions.slice(1).map((question) => question.text.slice(-30)),
    ])
      expect(text).toContain(expected);
});

it("aedev asks nothing about a precise mission, whose prompt then mentions no questions", async () => {
  laboratory.models.coder = { "Add triple": fixTurns };
  const before = laboratory.models.requests.length;
  const text = "Add triple() to lib/add.js";
  const flags = ["--criterion", "triple(2) returns 6, in a new test", "--criterion", "all existing tests pass"];
  const intake = await laboratory.must("intake", text, "--repo", "small", ...flags, "--json");
  expect(intake.json<Clarity>().questions).toEqual([]);
  await laboratory.must("mission", "approve", intake.json<Clarity>().mission_id);
  await laboratory.until(async () => laboratory.models.requests.length > before);
  const prompt =
    laboratory.models.requests
      .slice(before)
      .map(words)
      .find((body) => body.includes("# Mission: Add triple")) ?? "";
  expect(prompt).toContain("criterion c2: all existing tests pass");
  expect(prompt).not.toContain("answered before the start");
  await laboratory.must("mission", "cancel", intake.json<Clarity>().mission_id);
});
