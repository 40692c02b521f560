/** Provides our programs for containers, and a Node that runs in any image with glibc, in one folder that is mounted read-only. */
import { chmodSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunnerContext } from "../engine/context.ts";
import type { Mount } from "../engine/engine.ts";
import { keptFolder } from "../tree/run-folder.ts";

export const programsTarget = "/usr/local/lib/aedev-link";
const names = ["forward.ts", "multiplex.ts", "relay.ts"] as const;
const nodeInImage = "/usr/local/bin/node";

/** The mount for a container of `imageId`. The runner image uses its own Node; another image gets a copy of it. */
export async function linkPrograms(
  images: { runnerImageId: string; imageId: string },
  context: RunnerContext,
): Promise<Mount> {
  const sources = names.map((name) => ({
    name,
    text: readFileSync(new URL(`./inside/${name}`, import.meta.url), "utf8"),
  }));
  const isOwn = images.runnerImageId === images.imageId;
  const version = context.sha256(JSON.stringify([sources, isOwn ? null : images.runnerImageId])).slice(0, 16);
  const folder = await keptFolder(context.home, `link-${version}`, async (partial) => {
    chmodSync(partial, 0o755);
    for (const { name, text } of sources) {
      writeFileSync(join(partial, name), text);
      chmodSync(join(partial, name), 0o644);
    }
    if (isOwn) symlinkSync(nodeInImage, join(partial, "node"));
    else await context.docker.copyOut(images.runnerImageId, nodeInImage, partial);
  });
  return { source: folder, target: programsTarget, readOnly: true };
}
