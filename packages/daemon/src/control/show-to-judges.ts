/** Lays out a bundle in a folder for the judgement plane, which may read no other blob. Real and planted bundles are laid out alike. */
import { linkSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Blob, BundleManifest } from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import type { Blobs, Home } from "./parts.ts";

/** Writes the bundle's folder: its manifest, and each entry as a link to its blob. It may be repeated. */
export function showToJudges(control: Home & Blobs, bundle: Blob, { entries }: Pick<BundleManifest, "entries">): void {
  const folder = join(homeLayout(control.home).bundles, bundle.digest);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, "manifest.json"), control.blobs.get(bundle.digest), { mode: 0o600 });
  for (const { digest } of Object.values(entries)) {
    try {
      linkSync(control.blobs.pathOf(digest), join(folder, digest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}
