/** Images for tests in other languages: the runner image with packages from Debian, made once per runner image and list, under a separate tag. */

import { createHash } from "node:crypto";
import { productVersion } from "@aedev/host/product";
import { execa } from "execa";

/** The tag; null if the image is missing and can't be made, because Debian's servers don't answer. */
export async function imageWith(name: string, packages: readonly string[]): Promise<string | null> {
  const runner = `aedev-runner:${productVersion()}`;
  const { stdout: id } = await execa("docker", ["image", "inspect", "--format", "{{.Id}}", runner]);
  const contents = createHash("sha256")
    .update([id, ...packages].join(" "))
    .digest("hex");
  const tag = `aedev-test-${name}:${contents.slice(0, 12)}`;
  if ((await execa("docker", ["image", "inspect", tag], { reject: false })).exitCode === 0) return tag;
  const hasBuildx = (await execa("docker", ["buildx", "version"], { reject: false })).exitCode === 0;
  const install = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  const built = await execa("docker", ["build", "--quiet", "--tag", tag, "-"], {
    input: `FROM ${runner}\nUSER root\nRUN ${install} && rm -rf /var/lib/apt/lists/*\nUSER 1000:1000\n`,
    env: { DOCKER_BUILDKIT: hasBuildx ? "1" : "0" },
    reject: false,
    timeout: 600_000,
  });
  return built.exitCode === 0 ? tag : null;
}

/** The image with pytest. */
export function pythonImage(): Promise<string | null> {
  return imageWith("pytest", ["python3-pytest"]);
}
