/** Selects the fetch step's inputs (manifests, lockfiles, rc files, patches) from one tree, and computes the cache key (SECURITY T8). Pure. */
import { canonicalJson, Fault, type Registry, type RepositorySettings, type Sha256 } from "@aedev/contracts";
import { rootedMatcher } from "@aedev/host/globs";
import type { CheckEntries, CheckEntry } from "../tree/check-tree.ts";

/** Inputs, at any depth, for a repository that names none. */
const defaultInputs = [
  "package.json",
  "package-lock.json",
  "npm-shrinkwrap.json",
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  "yarn.lock",
  "bun.lock",
  "bun.lockb",
  "bunfig.toml",
  ".yarnrc.yml",
  ".yarnrc",
  ".npmrc",
  "*requirements*.txt",
  "requirements/*.txt",
  "pyproject.toml",
  "poetry.lock",
  "uv.lock",
  "go.mod",
  "go.sum",
  "go.work",
  "go.work.sum",
  "Cargo.toml",
  "Cargo.lock",
  "patches/**",
].flatMap((name) => [name, `**/${name}`]);
const defaultOutputs = ["node_modules"];

/** The tree's regular files that are inputs. */
export function inputEntries(tree: CheckEntries, settings: RepositorySettings): Map<string, CheckEntry> {
  const isInput = rootedMatcher(settings.inputs.length > 0 ? settings.inputs : defaultInputs);
  return new Map([...tree].filter(([path, entry]) => entry.mode.startsWith("100") && isInput(path)));
}

/** The output paths, relative and inside the checkout; `node_modules` if a prepare step names none. */
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
 * The cache key of one prepared state. A candidate's key differs from every base's even for equal inputs, so that output of a candidate's packages is never
 * unpacked for a base. `tree` is set only if a build step sees the whole tree.
 */
export function cacheKeyOf(
  state: {
    of: "base" | "candidate";
    registries: readonly Registry[];
    repository: string;
    inputs: CheckEntries;
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
