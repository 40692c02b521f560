/** GitHub's published description of its REST API, from Octokit's package. Nothing else needs that package's 385 MB, so only this file is kept. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

const [version, sha512] = [
  "23.0.2",
  "pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==",
];
const file = "package/generated/api.github.com.json";

/** The description's path; fetched if it is missing. Throws if the registry's bytes are not the pinned ones. */
export function descriptionFile(): string {
  const folder = resolve(import.meta.dirname, "../../../../../.cache/github-description");
  const path = join(folder, `${version}.json`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const own = mkdtempSync(join(folder, "fetch-"));
  try {
    const archive = `@octokit/openapi@${version}`;
    const name = execFileSync("npm", ["pack", archive, "--silent", "--pack-destination", own], { encoding: "utf8" });
    const packed = join(own, name.trim());
    const found = createHash("sha512").update(readFileSync(packed)).digest("base64");
    if (found !== sha512) throw new Error(`${archive} is not the archive that was pinned: sha512-${found}`);
    execFileSync("tar", ["-xzf", packed, "-C", own, file]);
    // Several test files may fetch it at once.
    renameSync(join(own, file), path);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
  return path;
}
