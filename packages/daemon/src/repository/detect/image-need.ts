/** Names the image that a language needs beyond aedev's own, which has Node, npm and git, with a command that makes it. Pure. */
import { type Ecosystem, escaped, type ImageNeed, type Part } from "./finding.ts";

/** Debian packages that a language's commands need. */
const packages: Record<Exclude<Ecosystem, "node">, { has: string; packages: string }> = {
  python: { has: "Python", packages: "python3-pytest python3-venv python3-pip" },
  go: { has: "Go", packages: "golang-go gcc libc6-dev" },
  rust: { has: "Rust", packages: "cargo gcc libc6-dev" },
  make: { has: "make", packages: "make gcc libc6-dev" },
};

/** Null if the default image has what the commands need. `runnerImage`: that image, on which the example builds. */
export function imageNeed(
  { language, tools }: Pick<Part, "language" | "tools">,
  runnerImage: string,
): ImageNeed | null {
  if (language === "node") return null;
  const recipe = packages[language];
  const image = `${language}-checks`;
  const other = tools.find((tool) => tool === "uv" || tool === "poetry");
  const dockerfileLines = [
    `FROM ${escaped(runnerImage)}`,
    "USER 0",
    `RUN apt-get update && apt-get install -y --no-install-recommends ${recipe.packages}`,
    ...(other === undefined ? [] : [`RUN pip install --break-system-packages ${other}`]),
    "USER 1000",
  ];
  return {
    why: `${recipe.has} is not in aedev's own image, which has Node, npm and git: this repository needs its own image (any with glibc, /bin/sh and git)`,
    image,
    example: `printf '${dockerfileLines.join("\\n")}\\n' | docker build -t ${image} -`,
  };
}
