/** What the fetch step sees and what names its cache: manifests, lockfiles, rc files and patches of one tree, a base's or a candidate's, never both (THREATS T8). Pure. */
import { canonicalJson, Fault, type Registry, type RepositorySettings, type Sha256 } from "@aedev/core/wire";
import { matcherOf } from "../checks/cells.ts";
import type { Entries, Entry } from "../checks/tree.ts";

/** Inputs of a repository that names none, at any depth. */
const defaultInputs = [
  "package.json",
  "package-lock.json",
  "npm-shrinkwrap.json",
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  "yarn.lock",
  ".yarnrc.yml",
  ".yarnrc",
  ".npmrc",
  "requirements*.txt",
  "pyproject.toml",
  "poetry.lock",
  "uv.lock",
  "go.mod",
  "go.sum",
  "Cargo.toml",
  "Cargo.lock",
  "patches/**",
].flatMap((name) => [name, `**/${name}`]);
const defaultOutputs = ["node_modules"];

/** The tree's regular files that the fetch step sees. */
export function inputEntries(tree: Entries, settings: RepositorySettings): Map<string, Entry> {
  const isInput = matcherOf(settings.inputs.length > 0 ? settings.inputs : defaultInputs);
  return new Map([...tree].filter(([path, entry]) => entry.mode.startsWith("100") && isInput(path)));
}

/** The output paths, relative and inside the checkout; `node_modules` where a prepare step names none. */
export function outputPaths(settings: RepositorySettings): string[] {
  const prepares = settings.prepare !== null || settings.build !== null;
  const outputs = settings.outputs.length === 0 && prepares ? defaultOutputs : settings.outputs;
  return outputs.map((output) => {
    const parts = output.split("/").filter((part) => part !== "" && part !== ".");
    if (output.startsWith("/") || parts.length === 0 || parts.includes("..") || parts.includes(".git"))
      throw new Fault("HOLD-PREPARE-FAILED", `the output ${output} is not a path inside the checkout`, {
        detail: `output ${output}`.slice(0, 400),
      });
    return parts.join("/");
  });
}

/**
 * Names one prepared state. A candidate's has a name of its own even where its bytes are those of some base: what its packages left is never
 * unpacked for a base. `tree` stands in it only where a build step sees the whole tree.
 */
export function cacheKeyOf(
  state: {
    of: "base" | "candidate";
    registries: readonly Registry[];
    repository: string;
    inputs: Entries;
    tree: string | null;
    settings: RepositorySettings;
    outputs: readonly string[];
    imageId: string;
  },
  sha256: Sha256,
): string {
  const inputs = [...state.inputs].map(([path, { mode, id }]) => [path, mode, id]);
  return sha256(
    canonicalJson({
      schema: 2,
      of: state.of,
      registries: [...state.registries],
      repository: state.repository,
      inputs,
      tree: state.tree,
      commands: [state.settings.prepare, state.settings.build],
      outputs: state.outputs,
      image: state.imageId,
    }),
  );
}
