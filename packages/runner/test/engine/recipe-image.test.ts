/** When aedev builds one of its images: if it is missing, and again if its recipe or base changed, but never over an image that somebody else made. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "@aedev/contracts";
import { expect, it } from "vitest";
import { buildFault } from "../../src/engine/build-output.ts";
import type { RunnerContext } from "../../src/engine/context.ts";
import { ensureRecipeImage } from "../../src/engine/recipe-image.ts";

interface Built {
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly dockerfile: string;
  readonly files: string[];
}

/** An engine that has the runner image and `images` (their labels by name). */
function engineWith(images: Record<string, Readonly<Record<string, string>>>, baseId = "sha256:1") {
  const built: Built[] = [];
  const docker = {
    async image(reference: string, missing: "HOLD-TOOLCHAIN") {
      if (reference === "runner:1") return { id: baseId, labels: {} };
      const labels = images[reference];
      if (labels === undefined) throw new Fault(missing, "the engine does not have it");
      return { id: "sha256:2", labels };
    },
    async build({ folder, image, labels }: { folder: string; image: string; labels: Record<string, string> }) {
      built.push({
        image,
        labels,
        dockerfile: readFileSync(join(folder, "Dockerfile"), "utf8"),
        files: readdirSync(folder),
      });
      images[image] = labels;
    },
  };
  const context = {
    docker: docker as RunnerContext["docker"],
    imageReference: "runner:1",
    sha256: (text: string | Uint8Array) => String(text),
  } as RunnerContext;
  return { built, context };
}

it("a missing image is built from the runner image, once for everyone who waits", async () => {
  const { built, context } = engineWith({});
  await Promise.all([ensureRecipeImage("go-checks", context), ensureRecipeImage("go-checks", context)]);
  await ensureRecipeImage("go-checks", context);
  expect(built).toHaveLength(1);
  expect(built[0]).toMatchObject({
    image: "go-checks",
    dockerfile: expect.stringMatching(/^FROM sha256:1\nUSER 0\n/u),
  });
  expect(built[0]?.dockerfile).toMatch(/USER 1000\n$/u);
});

it("our image is built again if the runner image changed", async () => {
  const images = {};
  const before = engineWith(images);
  await ensureRecipeImage("go-checks", before.context);
  const after = engineWith(images, "sha256:9");
  await ensureRecipeImage("go-checks", after.context);
  expect(after.built).toHaveLength(1);
});

it("a person's own image of that name, and every other image, stays as it is", async () => {
  const { built, context } = engineWith({ "go-checks": { maintainer: "me" } });
  await ensureRecipeImage("go-checks", context);
  await ensureRecipeImage("mine", context);
  expect(built).toEqual([]);
});

it("a failed build reports why, with the last lines that it printed", () => {
  const said = [{ stream: "Get:1 http://deb\n" }, { stream: "E: Unable to locate package x\n" }];
  const ended = { error: "The command '/bin/sh -c apt-get update' returned a non-zero code: 100" };
  const text = (lines: readonly object[]) => lines.map((line) => JSON.stringify(line)).join("\r\n");
  expect(buildFault("go-checks", text(said))).toBeNull();
  const fault = buildFault("go-checks", text([...said, ended]));
  expect(fault).toMatchObject({ code: "HOLD-TOOLCHAIN" });
  expect(fault?.detail).toMatch(/Unable to locate package x\nreturned a non-zero code: 100$/u);
  expect(buildFault("go-checks", '{"error":"no space left on device"}')?.detail).toBe("no space left on device");
});
