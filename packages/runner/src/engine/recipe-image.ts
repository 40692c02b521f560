/** Builds an image from one of aedev's own recipes if a repository names it and the engine lacks it. An existing image of that name is never replaced. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fault, type ImageRecipe, recipeOfImage } from "@aedev/contracts";
import type { RunnerContext } from "./context.ts";

const label = "aedev.recipe";
const certificateBundle = "/etc/ssl/certs/ca-certificates.crt";
/** Behind a proxy that inspects TLS, the recipe's programs must trust what the machine trusts. */
const trust = { file: "certificates.crt", target: "/usr/local/share/certificates.crt" };
const underWay = new Map<string, Promise<void>>();

/** Does nothing unless `image` is one of ours. Throws `HOLD-TOOLCHAIN` with the end of the output if the build fails. */
export async function ensureRecipeImage(image: string, context: RunnerContext): Promise<void> {
  const recipe = recipeOfImage(image);
  if (recipe === undefined) return;
  const base = await context.docker.image(context.imageReference, "HOLD-CLAUDE-DOCKER-IMAGE");
  const wanted = context.sha256(JSON.stringify([base.id, recipe.lines]));
  const present = await labelsOf(image, context);
  if (present !== null && (present[label] ?? wanted) === wanted) return;
  const building = underWay.get(image) ?? build({ recipe, baseId: base.id, labels: { [label]: wanted } }, context);
  underWay.set(image, building);
  await building.finally(() => underWay.delete(image));
}

async function labelsOf(image: string, { docker }: RunnerContext): Promise<Readonly<Record<string, string>> | null> {
  try {
    return (await docker.image(image, "HOLD-TOOLCHAIN")).labels;
  } catch (error) {
    if (error instanceof Fault && error.code === "HOLD-TOOLCHAIN") return null;
    throw error;
  }
}

async function build(
  { recipe, baseId, labels }: { recipe: ImageRecipe; baseId: string; labels: Record<string, string> },
  { docker }: RunnerContext,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "aedev-image-"));
  try {
    const isTrusted = existsSync(certificateBundle);
    if (isTrusted) writeFileSync(join(folder, trust.file), readFileSync(certificateBundle));
    const copy = isTrusted ? [`COPY ${trust.file} ${trust.target}`] : [];
    const lines = recipe.lines.map((line) =>
      isTrusted && line.startsWith("RUN ")
        ? `RUN export SSL_CERT_FILE=${trust.target} PIP_CERT=${trust.target} && ${line.slice(4)} && rm -f ${trust.target}`
        : line,
    );
    const [user = "", ...rest] = lines;
    writeFileSync(join(folder, "Dockerfile"), `${[`FROM ${baseId}`, user, ...copy, ...rest].join("\n")}\n`);
    await docker.build({ folder, image: recipe.image, labels });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
