/** What a check can see of the machine around its container: no id of its work and not the machine's name, and of the home only where its mounts come from. */
import { hostname } from "node:os";
import { afterEach, expect, it } from "vitest";
import { type Laboratory, limits, openLaboratory } from "./laboratory.ts";

let laboratory: Laboratory | undefined;
afterEach(() => laboratory?.close());

/** Every place that describes the container to what runs in it. */
const probe = [
  "cat /proc/self/mountinfo /proc/mounts /proc/self/cgroup /proc/self/environ /proc/1/environ 2>&1 | tr '\\0' '\\n'",
  "cat /etc/hostname /etc/hosts /etc/resolv.conf /proc/sys/kernel/hostname; hostname; env; id; pwd",
].join("; ");

it("prints no id of a task or run and no name of the machine, and the home's path only as the source of a mount", async () => {
  laboratory = openLaboratory();
  const base = laboratory.repository("small", { "code.txt": "old\n" });
  const settings = { verify: [probe], tests: [] };
  const wide = { ...limits, output_tail_bytes: 64 * 1024 };
  const { cells } = await laboratory.matrix({
    name: "small",
    base,
    change: { "code.txt": "new\n" },
    settings,
    limits: wide,
  });
  const commands = Object.values(cells).flatMap((cell) => cell.commands);
  expect(commands.length, JSON.stringify(cells)).toBeGreaterThan(0);
  for (const command of commands) {
    const seen = command.output_tail;
    expect(command).toMatchObject({ incomplete: null });
    // The controls: the probe has read the mounts, the environment and the names.
    expect(seen).toMatch(/^\d+ \d+ \d+:\d+ \/\S* \/\S+ .* ext4|overlay/m);
    expect(seen).toMatch(/^HOSTNAME=localhost$/m);
    expect(seen).toMatch(/^uid=/m);
    expect(seen.match(/\b[trm]-[0-9a-z]{10,32}\b/g)).toBeNull();
    expect(seen).not.toContain(hostname());
    const { home } = laboratory;
    const mountLine = /^\d+ \d+ \d+:\d+ /;
    const elsewhere = seen.split("\n").filter((line) => line.includes(home) && !mountLine.test(line));
    expect(elsewhere).toEqual([]);
  }
});
