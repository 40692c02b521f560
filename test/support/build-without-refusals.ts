/** A build of the product with some refusals switched off, to test that the attack demonstration notices. */
import { cpSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Replaces `from`, which occurs exactly once in `file`, by `to`. */
interface Replacement {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}
/** A refusal can only be switched off in its code. */
export const switchedOff: readonly Replacement[] = [
  { file: "packages/runner/src/engine/container-options.ts", from: 'CapDrop: ["ALL"]', to: "CapDrop: []" },
  {
    file: "packages/runner/src/gateway/wire/anthropic-messages/request.ts",
    from: "if (request.model === limits.model ||",
    to: "if (request.model !== limits.model || request.model === limits.model ||",
  },
  // The copy's node_modules is a link, but a plane's permissions apply to real paths.
  {
    file: "packages/daemon/src/planes/judgement-permissions.ts",
    from: "/config/prompts/*`,",
    to: `/config/prompts/*\`, "${realpathSync(join(root, "node_modules"))}/*",`,
  },
];

/** The file's text after the replacement. Throws unless `from` occurs exactly once. */
export function withoutRefusal(folder: string, { file, from, to }: Replacement): string {
  const parts = readFileSync(join(folder, file), "utf8").split(from);
  if (parts.length !== 2) throw new Error(`${from} stands ${parts.length - 1} times in ${file}`);
  return parts.join(to);
}

/** Makes the build in a new folder and returns its path. */
export function buildWithoutRefusals(folder: string): string {
  mkdirSync(folder);
  for (const name of ["packages", "bin", "config", "package.json"])
    cpSync(join(root, name), join(folder, name), { recursive: true, verbatimSymlinks: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  for (const replacement of switchedOff)
    writeFileSync(join(folder, replacement.file), withoutRefusal(folder, replacement));
  return folder;
}
