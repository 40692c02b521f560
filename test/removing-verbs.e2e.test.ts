/** Verbs that remove, stop or overwrite leave alone what aedev did not make: another home with its daemon, images, containers, volumes, repositories. */

import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { productVersion } from "@aedev/host/product";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fixTurns, Laboratory, registerSmallProject } from "./support/laboratory.ts";
import { tagOf } from "./support/scripted-change.ts";

const mark = `aedev-foreign-${process.pid}`;
const three = [1, 2, 3].map((number) => `${mark}-${number}`);
const docker = async (...args: string[]) => (await execa("docker", args)).stdout;
const image = `aedev-runner:${productVersion()}`;

let own: Laboratory;
let other: Laboratory;
let bare = "";

beforeAll(async () => {
  own = await Laboratory.open();
  other = await Laboratory.open();
  for (const name of three) {
    const tar = execa("tar", ["-c", "-C", other.folder, "--transform", `s,.*,${name},`, "home/config.yaml"], {
      encoding: "buffer",
      reject: false,
    });
    await execa("docker", ["import", "-", `${name}:1`], { input: Buffer.from((await tar).stdout) });
    await docker("volume", "create", name);
    await docker(
      "run",
      "--rm",
      "-v",
      `${name}:/v`,
      "--user",
      "0",
      "--entrypoint",
      "sh",
      image,
      "-c",
      `echo ${name} >/v/f`,
    );
    await docker("create", "--name", name, "-v", `${name}:/v`, `${name}:1`, "/none");
  }
  await docker("network", "create", mark);
  for (const laboratory of [own, other]) {
    await laboratory.must("daemon", "start");
    bare = await registerSmallProject(laboratory, "small");
  }
  bare = join(own.folder, "small.git");
}, 180_000);
afterAll(async () => {
  for (const name of three) {
    await docker("rm", "-f", name);
    await docker("volume", "rm", name);
    await docker("image", "rm", `${name}:1`);
  }
  await docker("network", "rm", mark);
  for (const laboratory of [own, other]) await laboratory[Symbol.asyncDispose]();
});

/** Each file below a folder, with a digest of its bytes. */
function bytesIn(folder: string, isLeftOut: (path: string) => boolean = () => false): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => !isLeftOut(path));
  return paths.sort().map((path) => {
    const state = lstatSync(join(folder, path));
    if (state.isSymbolicLink()) return `${path} -> ${readlinkSync(join(folder, path))}`;
    if (!state.isFile()) return path;
    return `${path} ${createHash("sha256")
      .update(readFileSync(join(folder, path)))
      .digest("hex")}`;
  });
}

/** Everything that is not this home's, except what the other home's daemon writes meanwhile. */
async function foreign(): Promise<unknown> {
  const inspected = await docker("inspect", ...three, ...three.map((name) => `${name}:1`), mark);
  const volumes = await Promise.all(
    three.map((name) =>
      docker("run", "--rm", "--network", "none", "-v", `${name}:/v:ro`, "--entrypoint", "sha256sum", image, "/v/f"),
    ),
  );
  const isLive = (path: string) => /^(?:aedev\.db|head\.json|run|logs|.*\.lock)/.test(path);
  return {
    inspected,
    volumes,
    runner: await docker("image", "inspect", "--format", "{{.Id}}", image),
    home: bytesIn(other.home, isLive),
    pid: other.daemonPid(),
    status: (await other.must("status", "--json")).json<{ daemon: string }>().daemon,
    verified: (await other.run("events", "verify")).exitCode,
    repositories: [own, other].flatMap(({ folder }) => bytesIn(join(folder, "small-work"))),
    remote: bytesIn(join(other.folder, "small.git")),
  };
}

it("removing verbs touch only their own home, with a landed and a held change, next to another running home", async () => {
  const criterion = "add(-1, 2) gives 1 and the test for it stands in test/negative.test.js";
  const mission = async (name: string, turns: typeof fixTurns) => {
    own.models.coder[tagOf(name)] = turns;
    return own.submit("small", `Make add() right in lib/add.js ${tagOf(name)}`, criterion);
  };
  const { task } = await own.wait(await mission("lands", fixTurns));
  expect(task.status).toBe("landed");
  const waiting = await mission("waits", [{ text: "Nothing to do." }]);
  const { task: held } = await own.wait(waiting);
  expect(held.status).toBe("held");
  const landed = bytesIn(bare);
  const at = (name: string) => join(own.folder, name);
  await own.must("operator", "add", "alice", "--role", "viewer");

  const before = await foreign();
  const steps: readonly (readonly string[])[] = [
    ["evidence", "export", task.task_id, "--output", at("evidence.json")],
    ["task", "salvage", held.task_id, "--to", at("salvaged")],
    ["backup", at("backup")],
    ["backup", at("backup")],
    ["gc", "--dry-run"],
    ["gc"],
    ["task", "cancel", held.task_id],
    ["operator", "remove", "alice"],
    ["stop-all"],
    ["resume"],
    ["secrets", "remove", "AEDEV_OPENAI_API_KEY"],
    ["repo", "remove", "small"],
    ["gc"],
    ["daemon", "restart"],
    ["daemon", "stop"],
    ["restore", at("backup"), "--replace"],
  ];
  const table = readFileSync(new URL("../docs/OPERATIONS.md", import.meta.url), "utf8").split(
    "## What removes, stops or overwrites",
  )[1];
  const verbs = [...((table ?? "").split("\n## ")[0]?.matchAll(/^\| `aedev ([a-z -]+?)(?: --\w+)?`/gm) ?? [])].map(
    ([, verb]) => verb ?? "",
  );
  const provenElsewhere = ["service uninstall", "demo"];
  expect(verbs.length).toBeGreaterThan(8);
  expect(verbs.filter((verb) => !steps.some((step) => step.join(" ").startsWith(verb)))).toEqual(provenElsewhere);

  for (const step of steps) {
    const { exitCode, stderr } = await own.run(...step);
    // A secret that is only in the environment is not stored.
    const allowed = step[0] === "secrets" || step[1] === "salvage" ? [0, 1, 3] : [0];
    expect({ step, stderr, isAllowed: allowed.includes(exitCode) }).toMatchObject({ isAllowed: true });
    expect({ step, foreign: await foreign() }).toEqual({ step, foreign: before });
    expect({ step, remote: bytesIn(bare) }).toEqual({ step, remote: landed });
  }
  // The control: they did act on what they may touch.
  expect(JSON.parse(readFileSync(at("evidence.json"), "utf8"))).toMatchObject({ format: "aedev-evidence/1" });
  expect(await own.containers()).toEqual([]);
  // The control: the comparison notices a change.
  writeFileSync(join(other.folder, "small-work/README.md"), "changed\n");
  expect(await foreign()).not.toEqual(before);
});
