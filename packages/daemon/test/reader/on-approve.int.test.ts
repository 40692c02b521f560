/** What an approval would do, read beside the daemon: branch and permission to push follow repository and configuration. */
import { mkdirSync, writeFileSync } from "node:fs";
import { canonicalJson, type LandingWay } from "@aedev/contracts";
import { type CommandBody, decide } from "@aedev/core";
import { ids, life, storyCommand } from "@aedev/core/testing";
import { createBlobStore } from "@aedev/host/blob-store";
import { homeLayout } from "@aedev/host/home-layout";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openEventLog } from "../../src/log/event-log.ts";
import { onApprove } from "../../src/reader/on-approve.ts";
import { temporaryFolder } from "../log/story.ts";

const folder = temporaryFolder();
const home = folder.at("home");
afterAll(() => folder[Symbol.dispose]());

const register = (
  allow_writes: boolean,
  target: "default-branch" | "task-branch",
  way: { landing?: LandingWay } = {},
): CommandBody => ({ ...life["registered"], allow_writes, target, ...way }) as CommandBody;
async function tell(...bodies: readonly (CommandBody | undefined)[]): Promise<void> {
  const log = await openEventLog({ path: homeLayout(home).log, decide });
  for (const body of bodies) expect((await log.submit(storyCommand(body as CommandBody))).kind).toBe("done");
  await log.close();
}

beforeAll(async () => {
  mkdirSync(home);
  const specification = createBlobStore(homeLayout(home).blobs).put(
    canonicalJson({
      schema: 1,
      mission_id: ids.mission,
      repository: "repo",
      title: "Close the hole",
      text: "Close the hole",
      criteria: [{ id: "c1", text: "a test shows it closed" }],
    }),
    "application/json",
  );
  const submitted = { ...life["submitted"], specification } as CommandBody;
  await tell(life["initialized"], register(true, "default-branch"), submitted, life["approved"], life["started"]);
});

it("an approval's effect names commit, branch and remote, and whether it may be pushed", async () => {
  const now = () => onApprove({ home, environment: {}, taskId: ids.task });
  const own = `aedev/${ids.task}`;
  expect(now()).toEqual({
    title: "Close the hole",
    branch: "main",
    remote: "/r",
    may_push: true,
    way: "push",
    take_in: null,
  });
  await tell(register(true, "default-branch", { landing: "pull-request" }));
  expect(now()).toMatchObject({ branch: "main", may_push: true, way: "pull-request", take_in: null });
  await tell(register(true, "task-branch"));
  expect(now()).toMatchObject({ branch: own, may_push: true });
  await tell(register(false, "default-branch"));
  expect(now()).toMatchObject({ branch: own, may_push: true });
  writeFileSync(homeLayout(home).configuration, "landing:\n  without_permission: hold\n");
  expect(now()).toMatchObject({ branch: "main", may_push: false });
  expect(() => onApprove({ home, environment: {}, taskId: "t-zzzzzzzzzzzzzzzz" })).toThrow("there is no task");
});
