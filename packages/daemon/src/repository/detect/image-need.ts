/** Names the image that a language needs beyond aedev's own (Node, npm and git), with a command that builds it. Pure. */
import { dockerfileOf, imageRecipe } from "@aedev/contracts";
import { escapedText, type ImageNeed, type Part } from "./finding.ts";

/** Null if the default image suffices. `runnerImage`: the default image, on which the example builds. */
export function imageNeed({ language }: Pick<Part, "language">, runnerImage: string): ImageNeed | null {
  if (language === "node") return null;
  const recipe = imageRecipe(language);
  const { has, image } = recipe;
  const dockerfile = dockerfileOf(recipe, escapedText(runnerImage)).replaceAll("\n", "\\n");
  return {
    why: `${has} is not in aedev's own image, which has Node, npm and git: this repository needs its own image (any with glibc, /bin/sh and git)`,
    image,
    example: `printf '${dockerfile}\\n' | docker build -t ${image} -`,
  };
}
