/** Durable writes in a process without a free descriptor. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "aedev-durable-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const module = new URL("../src/durable-file.ts", import.meta.url).href;
const path = join(folder, "head.json");
/** A program that uses up every descriptor, then writes twice; `kept`: with reserved ones. */
const program = (kept: boolean) => `
const { keepSpareDescriptors, withSpareDescriptors, writeDurably } = await import(${JSON.stringify(module)});
const { openSync } = await import("node:fs");
await import("node:crypto");
${kept ? "keepSpareDescriptors();" : ""}
try { for (;;) openSync("/dev/null", "r"); } catch {}
for (const text of ["one", "two"]) withSpareDescriptors(() => writeDurably(${JSON.stringify(path)}, text));
process.stdout.write("written");
`;
const run = (kept: boolean) =>
  execa("prlimit", ["--nofile=64:64", process.execPath, "--input-type=module", "-e", program(kept)], { reject: false });

it.runIf(process.platform === "linux")("writes repeatedly with reserved descriptors, and not without", async () => {
  expect((await run(true)).stdout).toBe("written");
  expect(readFileSync(path, "utf8")).toBe("two");
  const without = await run(false);
  expect(without.exitCode).not.toBe(0);
  expect(without.stderr).toContain("EMFILE");
});

it.runIf(process.platform === "linux")(
  "writes although other threads take the descriptors meanwhile, and reserves them again once they are free",
  async () => {
    const others = `
const { keepSpareDescriptors, withSpareDescriptors, writeDurably } = await import(${JSON.stringify(module)});
const { closeSync, openSync } = await import("node:fs");
await import("node:crypto");
const all = [];
const takeAll = () => { try { for (;;) all.push(openSync("/dev/null", "r")); } catch {} };
keepSpareDescriptors();
takeAll();
withSpareDescriptors(() => { writeDurably(${JSON.stringify(path)}, "three"); takeAll(); });
for (const descriptor of all.splice(0)) closeSync(descriptor);
withSpareDescriptors(() => writeDurably(${JSON.stringify(path)}, "four"));
takeAll();
withSpareDescriptors(() => writeDurably(${JSON.stringify(path)}, "five"));
process.stdout.write("written");
`;
    const args = ["--nofile=64:64", process.execPath, "--input-type=module", "-e", others];
    expect((await execa("prlimit", args)).stdout).toBe("written");
    expect(readFileSync(path, "utf8")).toBe("five");
  },
);
