/**
 * `scripts/setup --undo` in a throw-away container with the real apt and dpkg: a package docker.io whose removal script deletes `/var/lib/docker` when purged,
 * as Debian's does, and foreign data. Only the engine's client is a fake, which reads folders.
 */

import { join } from "node:path";
import { productVersion } from "@aedev/host/product";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const name = `aedev-test-undo-${process.pid}`;
const image = `aedev-runner:${productVersion()}`;

const client = `#!/bin/bash
state=/engine
[ -e $state/up ] || exit 1
names() { ls $state/$1 2>/dev/null; }
case "$*" in
  version*) echo 1 ;;
  info*) echo engine-1 ;;
  'ps -aq') names containers ;;
  'ps -a --format'*) for one in $(names containers); do echo "$one ($(cat $state/containers/$one), exited)"; done ;;
  'image ls'*) names images ;;
  'volume ls'*) names volumes ;;
  'network ls'*) names networks ;;
  'image inspect'*) one=\${!#}; [ -e $state/images/\${one/:/_} ] && cat $state/images/\${one/:/_} ;;
  'image rm'*) one=\${!#}; grep -qxF "$one" $state/containers/* 2>/dev/null && exit 1; rm $state/images/\${one/:/_} ;;
  *) echo "no stand-in for: $*" >&2; exit 64 ;;
esac
`;
/** The removal script of Debian's `docker.io`. */
const removalScript = `#!/bin/sh
if [ "$1" = purge ]; then rm -rf /var/lib/docker; fi
`;

/** Its last word is `installed`, or `config-files` once the package was removed but not purged. */
const packageState = "dpkg -s docker.io | grep ^Status:";

async function inside(command: string): Promise<{ exitCode: number | undefined; text: string }> {
  const { exitCode, all } = await execa("docker", ["exec", name, "bash", "-c", command], { reject: false, all: true });
  return { exitCode, text: all };
}
async function must(command: string): Promise<string> {
  const { exitCode, text } = await inside(command);
  if (exitCode !== 0) throw new Error(`${command}: ${text}`);
  return text;
}
const put = async (path: string, text: string) => {
  const write = `mkdir -p "$(dirname ${path})" && cat >${path} && chmod 755 ${path}`;
  await execa("docker", ["exec", "-i", name, "bash", "-c", write], { input: text });
};
const undo = (more = "") => inside(`/clone/scripts/setup --undo ${more} </dev/null`);

/** Everything that an undo could lose. */
const bytes = () =>
  must(
    `${packageState}; find /var/lib/docker /engine /homes /var/lib/aedev-setup ! -name '*.new' -type f -print0 | sort -z | xargs -0 -r sha256sum`,
  );
const record = (lines: readonly string[]) =>
  put("/var/lib/aedev-setup/record", lines.map((line) => `${line}\n`).join(""));

const ours = "image aedev-runner:1 sha256:ours engine-1";
const made = ["package docker.io", ours, "cache /root/.cache/aedev"];

beforeAll(async () => {
  await execa("docker", [
    ...["run", "--detach", "--init", "--name", name, "--network", "none", "--user", "root", "--entrypoint", "sleep"],
    ...[
      "--volume",
      `${root}/scripts:/source/scripts:ro`,
      "--volume",
      `${root}/packages/runner/docker:/source/docker:ro`,
    ],
    ...[image, "1800"],
  ]);
  await must(
    "mkdir -p /clone/packages/runner && cp -R /source/scripts /clone/ && cp -R /source/docker /clone/packages/runner/",
  );
  await put("/usr/local/bin/docker", client);
  await put("/package/DEBIAN/postrm", removalScript);
  const control =
    "Package: docker.io\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: an engine\n";
  await put("/package/DEBIAN/control", control);
  await must("dpkg-deb --root-owner-group -b /package /docker.deb");
  await put("/other/packages/daemon/src/main.ts", "setInterval(() => undefined, 1000);\n");
});
afterAll(async () => {
  await execa("docker", ["rm", "--force", "--volumes", name], { reject: false });
});
beforeEach(async () => {
  await must(
    `rm -rf /engine /var/lib/docker /homes /root/.cache && mkdir -p /engine/{containers,images,volumes,networks} /var/lib/docker/{overlay2,containers,volumes/theirs/_data} /homes/second /root/.cache/aedev/toolchain-x64-1
     dpkg -i /docker.deb >/dev/null && touch /engine/up && echo 'sha256:ours inputs' >/engine/images/aedev-runner_1
     for one in 1 2 3; do head -c 4096 /dev/urandom >/var/lib/docker/overlay2/$one; echo data >/var/lib/docker/volumes/theirs/_data/$one; echo events >/homes/second/$one; done`,
  );
  await record(made);
});

describe("undoing set-up with scripts/setup --undo", () => {
  it("removes its own installations, purges nothing, keeps other people's data and says so", async () => {
    await must("echo 'sha256:theirs ' >/engine/images/theirs_1 && echo data >/engine/volumes/theirs");
    const data = () =>
      must(
        "find /var/lib/docker /engine/images/theirs_1 /engine/volumes -type f -print0 | sort -z | xargs -0 sha256sum",
      );
    const before = await data();
    // Settings of the machine that would turn removing into a purge.
    await put("/etc/apt/apt.conf.d/99purge", 'APT::Get::Purge "true";\nAPT::Get::AutomaticRemove "true";\n');
    const { exitCode, text } = await undo("--yes");
    await must("rm /etc/apt/apt.conf.d/99purge");
    expect({ exitCode, text }).toMatchObject({ exitCode: 0, text: expect.stringMatching(/^undone$/m) });
    expect(text).toContain("kept: /var/lib/docker, with the images, containers and volumes in it");
    expect(await data()).toBe(before);
    expect(await must(`${packageState}; ls /engine/images; ls /var/lib/aedev-setup /root/.cache 2>&1 || true`)).toMatch(
      / config-files\s*theirs_1\s/,
    );
    expect(await must("ls -d /var/lib/aedev-setup /root/.cache/aedev 2>/dev/null || true")).toBe("");
  });

  it("deletes the engine's data only if set-up created it and it is empty", async () => {
    await must("rm -rf /var/lib/docker/volumes/theirs");
    await record([...made, "data-root /var/lib/docker"]);
    // The fake engine stops with its package.
    await put(
      "/usr/local/bin/docker",
      client.replace("[ -e $state/up ]", `[ -e $state/up ] && ${packageState} | grep -q " installed$"`),
    );
    const { text } = await undo("--yes");
    await put("/usr/local/bin/docker", client);
    expect(text).toMatch(/^undone$/m);
    expect(await must("ls -d /var/lib/docker 2>/dev/null || true")).toBe("");
  });

  it.each([
    [
      "an image that somebody else gave the recorded name",
      "echo 'sha256:theirs ' >/engine/images/aedev-runner_1",
      /another image has this name/,
    ],
    [
      "an image that is in another engine than at hand",
      "sed -i 's/engine-1/engine-2/' /var/lib/aedev-setup/record",
      /the engine that has it/,
    ],
  ])("keeps %s", async (_, prepare, said) => {
    await must(prepare);
    const { exitCode, text } = await undo("--yes");
    expect({ exitCode, text }).toMatchObject({ exitCode: 0, text: expect.stringMatching(said) });
    expect(await must("ls /engine/images")).toBe("aedev-runner_1");
  });

  it("needs --yes if nobody can be asked", async () => {
    const before = await bytes();
    const { exitCode, text } = await undo();
    expect({ exitCode, text }).toMatchObject({ exitCode: 1, text: expect.stringContaining("setup --undo --yes") });
    expect(await bytes()).toBe(before);
  });

  it.each<[string, string, string, RegExp]>([
    [
      "a daemon of another checkout",
      "node /other/packages/daemon/src/main.ts /homes/second >/dev/null 2>&1 & echo $! >/used; sleep 0.3",
      "kill $(cat /used)",
      /daemon +process \d+ of the home \/homes\/second; end it with: AEDEV_HOME='\/homes\/second' '\/other\/bin\/aedev' daemon stop/,
    ],
    [
      "a container of somebody else",
      "echo theirs:1 >/engine/containers/database",
      "true",
      /container +database \(theirs:1, exited\)/,
    ],
    [
      "a container in the data of an engine that does not answer",
      `rm /engine/up; mkdir /var/lib/docker/containers/0f; echo '{"ID":"0f","Name":"/database"}' >/var/lib/docker/containers/0f/config.v2.json`,
      "true",
      /container +database/,
    ],
    [
      "a test engine that runs",
      `mkdir -p /root/.cache/aedev/test-engine/0 /tmp/aedev-te-1; echo /tmp/aedev-te-1 >/root/.cache/aedev/test-engine/0/dir; sleep 600 >/dev/null 2>&1 & echo "$! $(sed 's/.*) //' /proc/$!/stat | awk '{ print $20 }')" >/tmp/aedev-te-1/daemon; echo $! >/used`,
      "kill $(cat /used); rm -rf /tmp/aedev-te-1",
      /test engine +\/tmp\/aedev-te-1; end it with: AEDEV_TEST_ENGINE_DIR=/,
    ],
  ])("stops before any change if it finds %s, even with --yes", async (_, use, end, said) => {
    await must(use);
    const before = await bytes();
    const { exitCode, text } = await undo("--yes");
    const after = await bytes();
    await must(end);
    expect({ exitCode, text }).toMatchObject({ exitCode: 1, text: expect.stringMatching(said) });
    expect(text).toContain("nothing was changed");
    expect(after).toBe(before);
  });
});
