/** Lets Node resolve imports in a TypeScript proof like a compiler: no ending, the JavaScript name, or `@/` for `src`. TypeScript files come first. */
import { existsSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

registerHooks({
  resolve(specifier, context, next) {
    const isLocal = /^(?:\.{1,2}|@)\//.test(specifier);
    const [name, from] = specifier.startsWith("@/")
      ? [`./src/${specifier.slice(2)}`, import.meta.url]
      : [specifier, context.parentURL];
    const stem = name.replace(/\.js$/, "");
    for (const path of isLocal ? [`${stem}.ts`, `${stem}/index.ts`] : []) {
      const url = new URL(path, from);
      if (existsSync(fileURLToPath(url))) return { url: url.href, format: "module-typescript", shortCircuit: true };
    }
    return next(specifier, context);
  },
});
