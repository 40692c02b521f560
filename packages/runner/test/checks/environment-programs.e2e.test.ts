/** A verify command calls a program that prepare installed in a virtual environment. */
import { afterEach, expect, it } from "vitest";
import { type Laboratory, openLaboratory } from "./laboratory.ts";

let laboratory: Laboratory | undefined;
afterEach(() => laboratory?.close());

async function ranWith(folder: string) {
  const opened = openLaboratory();
  laboratory = opened;
  const base = opened.repository("small", { "code.txt": "old\n", "package.json": "{}" });
  const program = `${folder}/bin/own-program`;
  const settings = {
    prepare: `mkdir -p ${folder}/bin && printf '#!/bin/sh\\necho own program\\n' >${program} && chmod +x ${program}`,
    outputs: [folder],
    verify: ["own-program"],
    tests: [],
  };
  const { cells } = await opened.matrix({ name: "small", base, change: {}, settings });
  return cells["old-tests-old-code"].commands[0];
}

it("a verify command finds programs of a virtual environment by name, but none of another folder", async () => {
  expect(await ranWith(".venv")).toMatchObject({ exit_code: 0, output_tail: "own program\n" });
  laboratory?.close();
  expect(await ranWith("programs")).toMatchObject({ exit_code: 127 });
});
