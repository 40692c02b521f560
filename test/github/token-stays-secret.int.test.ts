/** The token that aedev uses at GitHub is in no event and in no file of the home except its secrets, whether a landing ends well or not. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ids } from "@aedev/core/testing";
import type { FakeGitHub } from "@aedev/fakes/github/server";
import { homeLayout } from "@aedev/host/home-layout";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Landing, openLanding, startGitHub } from "./support/landing-at-github.ts";

let gitHub: FakeGitHub;
beforeAll(async () => {
  gitHub = await startGitHub();
});
afterAll(() => gitHub.close());

/** The value in the forms in which it can be sent: as it is, and as the end of `user:token` in base64, at each alignment. */
function formsOf(value: string): string[] {
  const encoded = [0, 1, 2].map((skipped) => {
    const whole = value.slice(skipped, value.length - ((value.length - skipped) % 3));
    return Buffer.from(whole).toString("base64");
  });
  return [value, ...encoded];
}

/** Places that contain a value, by default the token: files of the home outside `secrets`, and `the log` for events and state. */
async function placesOf(
  { home: { home, control }, account }: Landing,
  value: string = account.token,
): Promise<string[]> {
  const forms = formsOf(value);
  const { secretsFolder } = homeLayout(home);
  const files = readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(secretsFolder));
  expect(files.length).toBeGreaterThan(20);
  const inFiles = files.filter((path) => {
    const bytes = readFileSync(path);
    return forms.some((form) => bytes.includes(form));
  });
  const events = JSON.stringify([await control.log.listEvents(), control.log.state]);
  return [...inFiles, ...(forms.some((form) => events.includes(form)) ? ["the log"] : [])];
}

describe("aedev's token for GitHub", () => {
  it("is found by this search in a blob in base64, and any word in an event (the control)", async () => {
    const landing = await openLanding(gitHub);
    expect(await placesOf(landing)).toEqual([]);
    const { token } = landing.account;
    const { digest } = landing.home.blobs.put(Buffer.from(`x-access-token:${token}`).toString("base64"), "text/plain");
    const blob = landing.home.blobs.pathOf(digest);
    expect(await placesOf(landing)).toEqual([blob]);
    const hold = { kind: "HoldTask", task_id: ids.task, code: "HOLD-REMOTE-REFUSED", hold_id: ids.hold } as const;
    await landing.home.submit({ ...hold, detail: `a planted word, then ${token}` });
    expect(await placesOf(landing, "a planted word")).toContain("the log");
    expect(await placesOf(landing, "a planted word")).toContainEqual(expect.stringContaining("aedev.db"));
    expect(await placesOf(landing)).toEqual([blob]);
  });

  it("is nowhere after a landing", async () => {
    const landing = await openLanding(gitHub);
    expect(await landing.drive()).toBe("landed");
    expect(await placesOf(landing)).toEqual([]);
  });

  it("is nowhere after refusals by a server that repeats it", async () => {
    const landing = await openLanding(gitHub);
    const { token } = landing.account;
    landing.repository.protect("main", { requiredChecks: ["test"] });
    expect(await landing.drive()).toBe("waits");
    await landing.report("test", "success");
    const path = new RegExp(`/${landing.fullName}/pulls/1/merge`);
    gitHub.faults.add({ method: "PUT", path, when: "before", status: 403, body: { message: `No, ${token}` } });
    const held = await landing.drive();
    expect(held).toContain("HOLD-REMOTE-REFUSED: ");
    expect(held).not.toContain(token);
    expect(await placesOf(landing)).toEqual([]);
    gitHub.revokeToken(token);
    await landing.release();
    expect(await landing.drive()).toContain("HOLD-");
    expect(await placesOf(landing)).toEqual([]);
  });
});
