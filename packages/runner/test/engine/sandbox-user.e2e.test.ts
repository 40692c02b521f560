/**
 * A machine's first account against a running sandbox (SECURITY T36): through `/proc` it could read code and keep a handle on a folder. The controls: root
 * reads everything, and so does that account in a sandbox that runs under its own id.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { holderOf, withSandboxUser } from "../../src/engine/sandbox-user.ts";
import { handOver } from "../../src/tree/run-folder.ts";
import { imageReference, type Laboratory, limits, openLaboratory } from "../checks/laboratory.ts";

const isRoot = process.getuid?.() === 0;
const firstAccount = 1000;
let laboratory: Laboratory;
let imageId: string;
beforeAll(async () => {
  laboratory = openLaboratory();
  imageId = (await laboratory.context.docker.image(imageReference, "HOLD-TOOLCHAIN")).id;
});
afterAll(() => laboratory.close());

/** Starts a sandbox with a run's folder; returns its first process, as the host numbers it. */
async function running(owner: { uid: number; gid: number }, name: string) {
  const { docker, homeId } = laboratory.context;
  const folder = join(laboratory.home, name);
  mkdirSync(folder, { mode: 0o755 });
  writeFileSync(join(folder, "code.js"), "the code\n");
  await handOver([folder], { ...owner, chown: true });
  const id = await docker.create({
    imageId,
    entrypoint: ["/bin/sh", "-c"],
    command: ["echo spent >/tmp/credential; exec sleep 120"],
    environment: {},
    mounts: [{ source: folder, target: "/workspace/repo", readOnly: false }],
    user: `${owner.uid}:${owner.gid}`,
    workingFolder: "/",
    seccomp: "coder",
    labels: { "aedev.home": homeId, "aedev.kind": "probe" },
    limits,
  });
  await docker.start(id);
  // The line is missing until the shell has become `sleep`.
  const pid = await vi.waitUntil(
    () => {
      const top = execFileSync("docker", ["top", id, "-o", "pid,args"], { encoding: "utf8" });
      return /^(\d+) +sleep 120/m.exec(top)?.[1];
    },
    { timeout: 30_000 },
  );
  return { folder, pid, end: () => docker.remove(id) };
}

/** The output of a shell command run by the account; null if it is refused. */
function as(uid: number, command: string): string | null {
  try {
    return execFileSync("/bin/sh", ["-c", command], {
      uid,
      gid: uid,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      cwd: "/",
    });
  } catch {
    return null;
  }
}

describe.runIf(isRoot)("the first account of the machine", () => {
  it("reads and changes nothing of a sandbox in any way, although root can", async () => {
    const { user } = laboratory.context;
    const { pid, folder, end } = await running(user, "run");
    try {
      const inside = `/proc/${pid}/root`;
      const reads = [
        `cat ${inside}/workspace/repo/code.js`,
        `cat ${inside}/tmp/credential`,
        `cat /proc/${pid}/environ`,
        `cd ${inside}/workspace/repo && cat code.js`,
        `cat ${folder}/code.js`,
        `ls -l /proc/${pid}/fd/`,
      ];
      for (const read of reads) {
        expect({ read, said: as(firstAccount, read) }).toEqual({ read, said: null });
        expect({ read, said: as(0, read) }).toEqual({ read, said: expect.stringMatching(/./) });
      }
      for (const change of [`echo x >${inside}/workspace/repo/code.js`, `kill -STOP ${pid}`])
        expect({ change, said: as(firstAccount, change) }).toEqual({ change, said: null });
      expect(as(0, `cat ${inside}/workspace/repo/code.js`)).toBe("the code\n");
    } finally {
      await end();
    }
  });

  it("would read everything if the sandbox had its id (the control)", async () => {
    const { pid, end } = await running({ uid: firstAccount, gid: firstAccount }, "run-as-1000");
    try {
      expect(as(firstAccount, `cat /proc/${pid}/root/workspace/repo/code.js`)).toBe("the code\n");
      expect(as(firstAccount, `cat /proc/${pid}/root/tmp/credential`)).toBe("spent\n");
    } finally {
      await end();
    }
  });
});

describe.runIf(isRoot)("a sandbox's user id that somebody else has", () => {
  it("makes the engine count as unavailable, but the home's own id does not", async () => {
    const { docker, user } = laboratory.context;
    const taken = { uid: 1, gid: 1, chown: true };
    expect(await holderOf(taken)).toBe("the account daemon");
    expect(await holderOf(user)).toBeNull();
    const engine = withSandboxUser(docker, { home: laboratory.home, user: taken });
    await expect(engine.version()).rejects.toMatchObject({ code: "HOLD-DOCKER-UNAVAILABLE", detail: "sandbox user" });
    await expect(docker.version()).resolves.toMatch(/\d/);
  });
});
