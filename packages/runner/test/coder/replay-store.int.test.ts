/** Where a replay puts what it makes: never into the home that it reads. */

import * as files from "node:fs";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createBlobStore } from "@aedev/core/wire";
import { expect, it } from "vitest";
import { layered } from "../../src/coder/replay-run.ts";
import { openRecording } from "../../src/gateway/answer/recording.ts";
import { makeHome, sha256 } from "../throw-away-home.ts";

it("records long and short answers beside the home, and reads what stands in it", async () => {
  const place = makeHome();
  try {
    const known = place.blobs.put("known", "text/plain").digest;
    const before = readdirSync(place.home, { recursive: true }).toSorted();
    const dir = join(place.home, "own");
    const encode = (text: string) => new TextEncoder().encode(text);
    const own = createBlobStore({ files, dir, sha256, encode, uniqueName: "replay" });
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
