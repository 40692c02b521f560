/** A push server whose quota is used up is asked once for all messages, the person is told, and then each message is sent once, the most important first. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { openAskingHome, openClosedNtfy } from "./support/phone.ts";

vi.setConfig({ testTimeout: 180_000 });

it("a used-up push quota is tried a few times for all messages together, shown by status, doctor and the board, and then each message is sent once", async () => {
  const ntfy = await openClosedNtfy();
  await using home = await openAskingHome({
    tasks: 6,
    ntfy,
    prepare: async (server) => server.failWith(429, { code: 42_908, retryAfter: "20" }),
  });
  const { laboratory, phone } = home;
  const asked = () => ntfy.received.filter(({ status }) => status === 429).length;
  await laboratory.until(async () => (await laboratory.run("status")).stdout.includes("quota is used up"));
  await new Promise((done) => setTimeout(done, 3_000));
  // The phone of this test asks too, and so does the stream of the reply topic.
  const own = ntfy.received.filter(({ status, path }) => status === 429 && !/json/u.test(path));
  expect(own.length).toBeLessThanOrEqual(2);
  expect(asked()).toBeLessThan(30);
  expect((await laboratory.run("doctor")).stdout).toMatch(/notifications: the push server's quota is used up/u);
  const { port } = JSON.parse(readFileSync(join(laboratory.home, "run/daemon.json"), "utf8")) as { port: number };
  const board = await fetch(`http://127.0.0.1:${port}/status-board`);
  expect(await board.text()).toContain("quota is used up");
  ntfy.failWith(null);
  for (let place = 1; place <= 6; place += 1)
    await phone.next(({ message }) => message.includes(`t-${"a".repeat(14)}0${place}`));
  await laboratory.until(async () => !(await laboratory.run("status")).stdout.includes("quota"));
  const landings = phone.pushes.filter(({ title }) => title.startsWith("Land?"));
  expect(landings).toHaveLength(6);
  expect(new Set(landings.map(({ message }) => /t-a+\d\d/u.exec(message)?.[0])).size).toBe(6);
});
