/** A replay never writes to the blob store that it reads. */

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createBlobStore } from "@aedev/host/blob-store";
import { expect, it } from "vitest";
import { openRecording } from "../../src/gateway/answer/recording.ts";
import { layered } from "../../src/replay-run.ts";
import { makeHome } from "../throw-away-home.ts";

it("a replay records long and short answers beside the home, and reads the home's blobs", async () => {
  const place = makeHome();
  try {
    const known = place.blobs.put("known", "text/plain").digest;
    const before = readdirSync(place.home, { recursive: true }).toSorted();
    const dir = join(place.home, "own");
    const own = createBlobStore(dir);
    const store = layered(own, place.blobs);
    expect(Buffer.from(store.get(known)).toString()).toBe("known");
    for (const sizeBytes of [10, 3 * 1024 * 1024]) {
      const recording = openRecording(store);
      for (let at = 0; at < sizeBytes; at += 65_536) await recording.take(Buffer.alloc(Math.min(sizeBytes, 65_536), 7));
      const digest = await recording.end("text/plain");
      expect([own.has(digest), place.blobs.has(digest), store.get(digest).length]).toEqual([true, false, sizeBytes]);
    }
    expect(existsSync(dir)).toBe(true);
    const added = readdirSync(place.home, { recursive: true, encoding: "utf8" }).filter(
      (name) => !name.startsWith("own"),
    );
    expect(added.toSorted()).toEqual(before);
  } finally {
    place.remove();
  }
});
