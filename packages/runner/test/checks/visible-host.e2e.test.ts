/**
 * What a process in a check can see (SECURITY T29): nothing names aedev, the home or the machine, and plain passes look like those with sentinels or altered
 * expectations, except for random names and additions to the tests. So code can't recognize a check.
 */
import { existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, expect, it } from "vitest";
import { hasIpv6 } from "../../src/engine/ipv6.ts";
import { mountFolder } from "../../src/engine/mount-folder.ts";
import { type Files, type Laboratory, openLaboratory } from "./laboratory.ts";

let laboratory: Laboratory;
beforeAll(() => {
  laboratory = openLaboratory();
});
afterAll(() => laboratory.close());

/** Prints every place that describes a container to code in it, one fact per line, and copies it to a folder that tests may write to. */
const look = `const fs = require('node:fs');
const os = require('node:os');
const lines = [];
const say = (what, text) => { for (const line of String(text).split(/[\\0\\n]/)) lines.push(what + ' ' + line); };
const tell = (what, get) => { let text; try { text = get(); } catch (error) { text = error.code; } say(what, text); };
for (const [name, value] of Object.entries(process.env).sort()) say('env', name + '=' + value);
for (const path of ['/proc/self/mountinfo', '/proc/self/cgroup', '/proc/self/status', '/proc/net/if_inet6', '/etc/hostname', '/etc/hosts', '/etc/passwd', '/etc/group'])
  tell(path, () => fs.readFileSync(path));
for (const pid of fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)))
  for (const file of ['cmdline', 'environ']) tell('process ' + file, () => fs.readFileSync('/proc/' + pid + '/' + file));
for (const pid of ['self', '1']) for (const fd of [0, 1, 2]) tell('fd', () => fs.readlinkSync('/proc/' + pid + '/fd/' + fd));
tell('user', () => JSON.stringify(os.userInfo()) + os.hostname() + os.homedir() + process.cwd() + Object.keys(os.networkInterfaces()));
const folders = ['/', '/etc', '/home', '/home/dev', '/opt', '/run', '/srv', '/tmp', '/usr/local', '/usr/local/bin', '/usr/local/lib', '/usr/local/share',
  '/usr/share', '/var', '/var/lib', '/var/tmp', '/workspace', '/workspace/repo', '/workspace/repo/test'];
for (const folder of folders) tell(folder, () => fs.readdirSync(folder).sort().join('\\n'));
tell('modules', () => [process.execPath, ...process.execArgv, ...Object.keys(require.cache)].sort().join('\\n'));
`;

const base: Files = {
  "package.json": JSON.stringify({ name: "x", version: "1.0.0", scripts: { test: "node --test" } }),
  "lib/add.js": "exports.add = (a, b) => a + b;\n",
  "out/.keep": "",
  "test/add.test.js": `${look}
fs.writeFileSync('out/seen', lines.join('\\n'));
const test = require('node:test');
const assert = require('node:assert');
test('adds', () => assert.strictEqual(require('../lib/add.js').add(2, 3), 5));
`,
};

/** What the passes of one change saw, in order. Each command's copy of the writable folder is read before its pass is deleted. */
async function watchPasses(): Promise<string[]> {
  const { docker } = laboratory.context;
  const seen: string[] = [];
  const outOf = new Map<string, string>();
  const watched = {
    ...docker,
    async create(spec: Parameters<typeof docker.create>[0]) {
      const id = await docker.create(spec);
      const out = spec.mounts.find(({ target }) => target === "/workspace/repo/out");
      if (out !== undefined) outOf.set(id, out.source);
      return id;
    },
    async remove(id: string) {
      const file = join(outOf.get(id) ?? "", "seen");
      if (outOf.has(id) && existsSync(file)) seen.push(readFileSync(file, "utf8"));
      await docker.remove(id);
    },
  };
  Object.assign(laboratory.context, { docker: watched });
  const commit = laboratory.repository("small", base);
  const change = { "lib/add.js": "// adds\nexports.add = (a, b) => a + b;\n" };
  const matrix = await laboratory.matrix({
    name: "small",
    base: commit,
    change,
    settings: { verify: ["npm test --silent"], writable: ["out"] },
  });
  const command = matrix.cells["old-tests-new-code"].commands[0];
  expect(command).toMatchObject({ exit_code: 0, incomplete: null, sentinel: "failed-as-it-must" });
  return seen;
}

/** Removes everything that is random in a container: hexadecimal names, numbers of processes and mounts, times. */
function shapeOf(seen: string): string[] {
  const lines = seen.split("\n").map((line) =>
    line
      .replaceAll(/\/overlay2\/l\/[A-Z0-9]+/gu, "/overlay2/l/NAME")
      .replaceAll(/[0-9a-f]{12,}/gu, "HEX")
      .replaceAll(/\d+/gu, "N"),
  );
  // A process's amounts of memory and switches are not names.
  return [
    ...new Set(lines.filter((line) => !/^\/proc\/self\/status (Vm|Rss|Hugetlb|.*ctxt|Threads|Sig|Shd)/u.test(line))),
  ].toSorted();
}

/** Every container shows where the engine keeps its files. The engine of these tests keeps them elsewhere than a machine's does. */
async function engineFolder(): Promise<string> {
  const docker = new Docker(process.env.DOCKER_HOST ? undefined : { socketPath: "/var/run/docker.sock" });
  return (await docker.info()).DockerRootDir;
}

it("code in a check sees nothing that names aedev or the machine, and the same in every kind of pass", async () => {
  const engine = await engineFolder();
  const seen = (await watchPasses()).map((text) => text.replaceAll(engine, "/var/lib/docker"));
  // The base: traced, with sentinels. The change: plain, with sentinels. Altered: the base, the change. One records calls; its results are not used.
  expect(seen).toHaveLength(7);
  const [, , plain = "", sentinels = "", , altered = ""] = seen;
  for (const text of seen) {
    // The controls: it did read the mounts, the environment, the processes and the names.
    expect(text).toMatch(/^\/proc\/self\/mountinfo \d+ \d+ \d+:\d+ \/\S* \/workspace\/repo ro/m);
    expect(text).toMatch(/^env HOSTNAME=[0-9a-f]{12}$/m);
    expect(text).toMatch(/^\/etc\/hosts 127\.0\.0\.1\tlocalhost$/m);
    if (hasIpv6()) expect(text).toMatch(/^\/etc\/hosts ::1\tlocalhost /m);
    if (hasIpv6()) expect(text).toMatch(/^\/proc\/net\/if_inet6 0{31}1 .*\blo$/m);
    expect(text).toMatch(/^env NODE_OPTIONS=--require=\S+/m);
    expect(text).toMatch(/^process cmdline .*docker-init/m);
    expect(text).toContain("/workspace/repo/test add.test.js");
    const mounts = text.split("\n").filter((line) => line.includes(mountFolder(laboratory.home)));
    expect(mounts.length).toBeGreaterThan(2);
    expect(text.split("\n").filter((line) => /aedev|sentinel|guard|\bagent/iu.test(line))).toEqual([]);
    expect(text.split("\n").filter((line) => line.includes(laboratory.home))).toEqual([]);
    expect(text).not.toContain(hostname());
    expect(text.match(/\b[trm]-[0-9a-z]{10,32}\b/g)).toBeNull();
  }
  expect(shapeOf(sentinels)).toEqual(shapeOf(plain));
  expect(shapeOf(altered)).toEqual(shapeOf(plain));
});

it("mounted folders are put beside the home", () => {
  expect(dirname(mountFolder(laboratory.home))).toBe(dirname(laboratory.home));
});
