/**
 * How the bundle finds the files that a source finds beside itself. A source says `new URL("./x", import.meta.url)`; in the bundle a program becomes an entry,
 * and any other file stays at its path in the repository, which the package repeats.
 */
import { existsSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import type { Plugin } from "vite";

const beside = /new URL\(\s*(["'`])(\.{1,2}(?:\/[^"'`]*)?)\1,\s*import\.meta\.url,?\s*\)/g;
const program = /import\.meta\.resolve\("(@aedev\/[^"]+)"\)/g;
const ofDependency = /require\.resolve\("([^"]+)"\)/g;
/** A package that the compiler must not follow. */
const hiddenName = /^const (\w+): string = "(@aedev\/[^"]+)";$/m;
/** In the bundle `require` is the bundler's. */
const ownRequire = /^const require = createRequire\(import\.meta\.url\);$/m;

export interface OwnFiles {
  readonly plugin: Plugin;
  /** The paths, from `root`, of the files and folders that the program reads. */
  read(): string[];
  /** Files of dependencies by their names in the folder of the bundle. */
  ofDependencies(): ReadonlyMap<string, string>;
}

/** `root`: the repository. `target`: the package's folder in it. */
export function openOwnFiles({ root, target }: { root: string; target: string }): OwnFiles {
  const read = new Set<string>();
  const copied = new Map<string, string>();
  const plugin: Plugin = {
    name: "own-files",
    enforce: "pre",
    async transform(code, id) {
      if (!id.startsWith(root) || id.includes("/node_modules/") || !code.includes("import")) return null;
      const entryOf = (path: string) => {
        const fileName = entryName(relative(root, path));
        this.emitFile({ type: "chunk", id: path, fileName });
        return `new URL("./${fileName}", import.meta.url)`;
      };
      const resolved = async (name: string) =>
        (await this.resolve(name, id))?.id ?? this.error(`${id} names ${name}, which is missing`);
      let changed = code.replace(beside, (_all, quote: string, path: string) => {
        const file = resolve(dirname(id), path);
        if (path.endsWith(".ts") && !path.includes("${")) {
          if (!existsSync(file)) this.error(`${id} names ${path}, which is missing`);
          return entryOf(file);
        }
        const place = file.startsWith(`${target}/`) ? relative(target, file) : relative(root, file);
        // A name that is only known later is one of a folder.
        if (place !== "" && place === relative(root, file)) read.add(place.replace(/\/[^/]*\$\{.*$/, ""));
        return `new URL(${quote}../${place}${quote}, import.meta.url)`;
      });
      for (const [all, name = ""] of changed.matchAll(program))
        changed = changed.replace(all, `${entryOf(await resolved(name))}.href`);
      for (const [all, name = ""] of changed.matchAll(ofDependency)) {
        copied.set(basename(name), await resolved(name));
        changed = changed.replace(all, `fileURLToPath(new URL("./${basename(name)}", import.meta.url))`);
      }
      const [, variable, name] = hiddenName.exec(changed) ?? [];
      if (variable !== undefined) changed = changed.replace(`import(${variable})`, `import("${name}")`);
      changed = changed.replace(ownRequire, 'import { fileURLToPath } from "node:url";');
      return changed === code ? null : changed;
    },
  };
  return { plugin, read: () => [...read], ofDependencies: () => copied };
}

/** `daemon-main.mjs` for `packages/daemon/src/main.ts`. */
function entryName(path: string): string {
  return `${path
    .replace(/^(?:packages|test)\//, "")
    .replace("/src/", "/")
    .replace(/\.ts$/, "")
    .replaceAll("/", "-")}.mjs`;
}
