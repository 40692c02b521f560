/** Rebuilding an image deletes the one that it replaced, and no other. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterAll, expect, it } from "vitest";
import { openDocker } from "../../src/engine/docker.ts";

const engine = openDocker({ dockerHost: process.env["DOCKER_HOST"] ?? null, deadlineMs: 30_000 });
const folder = mkdtempSync(join(tmpdir(), "aedev-test-"));
const names = ["aedev-test-made", "aedev-test-other", "aedev-test-foreign"];
const label = "aedev.test-recipe";

async function build(image: string, text: string, labels: Record<string, string>): Promise<string> {
  writeFileSync(join(folder, "text"), text);
  writeFileSync(join(folder, "Dockerfile"), "FROM scratch\nCOPY text /text\n");
  await engine.build({ folder, image, labels });
  return (await engine.image(image, "HOLD-TOOLCHAIN")).id;
}
const isThere = async (id: string) =>
  engine.image(id, "HOLD-TOOLCHAIN").then(
    () => true,
    () => false,
  );

afterAll(() => {
  for (const name of names) execaSync("docker", ["image", "rm", "--force", name], { reject: false });
  rmSync(folder, { recursive: true, force: true });
});

it("an image of ours that lost its name to a newer one is deleted; named ones and other people's stay", async () => {
  const foreign = [await build("aedev-test-foreign", "foreign 1", { other: "1" })];
  foreign.push(await build("aedev-test-foreign", "foreign 2", {}));
  const other = await build("aedev-test-other", "other", { [label]: "1" });
  const first = await build("aedev-test-made", "first", { [label]: "1" });
  expect(await isThere(first)).toBe(true);
  const second = await build("aedev-test-made", "second", { [label]: "2" });
  expect(second).not.toBe(first);
  expect(await Promise.all([first, second, other, ...foreign].map(isThere))).toEqual([false, true, true, true, true]);
  execaSync("docker", ["image", "rm", "--force", ...foreign]);
});
