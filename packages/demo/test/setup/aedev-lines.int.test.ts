/** The demo drives the real program, one process per call. */
import { expect, it } from "vitest";
import { z } from "zod";
import { openLines } from "../../src/setup/aedev-lines.ts";

const lines = openLines({ PATH: process.env["PATH"], AEDEV_HOME: "/nonexistent/home" });

it("runs the program of this repository and parses its documents", async () => {
  expect(await lines.run(["--version"])).toMatchObject({ exit: 0, out: expect.stringMatching(/^aedev \d+\.\d+\.\d+/) });
  const { checks } = await lines.document(["doctor"], z.looseObject({ checks: z.array(z.unknown()) }), [1]);
  expect(checks.length).toBeGreaterThan(0);
});

it("turns an unexpected exit code into a fault with the program's message", async () => {
  await expect(lines.document(["mission", "list"], z.unknown())).rejects.toThrow(/there is no aedev home/);
});
