/** A change that is not provably safe: a person is asked on the phone, taps once, and it lands. */

import { openPhone } from "@aedev/fakes/ntfy/phone";
import { afterEach, expect, it } from "vitest";
import { fixTurns, Laboratory, registerSmallProject } from "./support/laboratory.ts";
import { credential, openClosedNtfy, replyTopic, topic } from "./support/phone.ts";

const laboratories: Laboratory[] = [];
afterEach(async () => {
  for (const laboratory of laboratories.splice(0)) await laboratory[Symbol.asyncDispose]();
});

it("aedev asks under the profile safe, and lands the change that the phone approves through the reply topic", async () => {
  await using ntfy = await openClosedNtfy();
  const laboratory = await Laboratory.open();
  laboratories.push(laboratory);
  Object.assign(laboratory.environment, {
    AEDEV_NTFY_URL: ntfy.address,
    AEDEV_NTFY_TOPIC: topic,
    AEDEV_NTFY_REPLY_TOPIC: replyTopic,
    AEDEV_NTFY_TOKEN: credential,
  });
  laboratory.models.coder = { "": fixTurns };
  await laboratory.must("daemon", "start");
  await using phone = await openPhone({ server: ntfy.address, topic, token: credential });
  const bare = await registerSmallProject(laboratory, "small", ["--profile", "safe", "--allow-writes"]);
  const commits = async () => Number(await laboratory.git(bare, "rev-list", "--count", "main"));

  const id = await laboratory.submit("small", "Make add() right for negative numbers in lib/add.js");
  const asked = await laboratory.wait(id);
  expect({ exitCode: asked.exitCode, status: asked.mission.status }).toEqual({ exitCode: 4, status: "asked" });
  const push = await phone.next(({ title }) => title.startsWith("Land? "));
  expect(push.message).toContain(asked.task.task_id);
  expect(push.message).toContain("Tests: passing, on the old and the new tests");
  expect(push.message).toMatch(/Judges: (gemini|openai) pass, (gemini|openai) pass/);
  expect(await commits()).toBe(1);

  const { status } = await phone.tap(push, "Approve");
  expect(status).toBe(200);
  const landed = await laboratory.wait(id);
  expect({ exitCode: landed.exitCode, status: landed.mission.status }).toEqual({ exitCode: 0, status: "landed" });
  expect(await commits()).toBe(2);
  expect(await laboratory.git(bare, "show", "main:lib/add.js")).toContain("a + b");
  const told = await phone.next(({ title }) => title.startsWith("Landed: "));
  expect(told).toMatchObject({ priority: 3, actions: [] });
  expect(told.message).toContain(landed.task.landed_commit?.slice(0, 12));
  expect((await laboratory.run("events", "verify")).exitCode).toBe(0);
});
