/** Which image a language needs beyond aedev's own, which has Node, npm and git: said plainly, with a command that makes one. Pure. */
import { type ImageNeed, type Language, type Part, shown } from "./finding.ts";

/** Debian packages that the commands of a language take. */
const packages: Record<Exclude<Language, "node">, { has: string; packages: string }> = {
  python: { has: "Python", packages: "python3-pytest python3-venv python3-pip" },
  go: { has: "Go", packages: "golang-go gcc libc6-dev" },
  rust: { has: "Rust", packages: "cargo gcc libc6-dev" },
  make: { has: "make", packages: "make gcc libc6-dev" },
};

/** Null where the default image has what the commands take. `runnerImage`: that image, on which the example builds. */
export function imageNeed(
  { language, tools }: Pick<Part, "language" | "tools">,
  runnerImage: string,
): ImageNeed | null {
  if (language === "node") return null;
  const recipe = packages[language];
  const image = `${language}-checks`;
  const other = tools.find((tool) => tool === "uv" || tool === "poetry");
  const steps = [
    `FROM ${shown(runnerImage)}`,
    "USER 0",
    `RUN apt-get update && apt-get install -y --no-install-recommends ${recipe.packages}`,
    ...(other === undefined ? [] : [`RUN pip install --break-system-packages ${other}`]),
    "USER 1000",
  ];
  return {
    why: `${recipe.has} is not in aedev's own image, which has Node, npm and git: this repository needs an image of its own (any with glibc, /bin/sh and git)`,
    image,
    example: `printf '${steps.join("\\n")}\\n' | docker build -t ${image} -`,
  };
}
