/**
 * Makes Node load the code of a repository as its test runner does: TypeScript with everything that Node's own stripping refuses, names without an ending, `.js` for a file
 * that is `.ts`, the paths of a tsconfig.json, JSON without attributes. What Node finds by itself stays as it is. No JSX. An older Node is left alone.
 */
(function loadScripts(root, node) {
  "use strict";
  const { module, fs, path, url } = node;
  const { registerHooks, stripTypeScriptTypes } = module;
  if (registerHooks === undefined || stripTypeScriptTypes === undefined) return;
  // Their own copies: code under test may replace what `fs` has.
  const { readFileSync, statSync } = fs;
  const { parse, stringify } = JSON;
  const settingsCharactersMax = 20_000;
  const clauseCharactersMax = 2000;
  const importedNamesMax = 500;
  const endings = [".mjs", ".js", ".cjs", ".mts", ".ts", ".cts", ".jsx", ".tsx", ".json"];
  const sources = { ".js": [".ts", ".tsx"], ".jsx": [".tsx"], ".mjs": [".mts"], ".cjs": [".cts"] };
  const isOwn = (file) => file.startsWith(`${root}/`) && !file.includes("/node_modules/");
  const fileOf = (address) => {
    try {
      return address.startsWith("file:") ? url.fileURLToPath(address.replace(/[?#].*$/u, "")) : null;
    } catch {
      return null;
    }
  };
  const isFile = (file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true;

  /** The file that is meant by a path without its ending, or by a folder. */
  const fileAt = (place) => {
    const ending = path.extname(place);
    const withSource = (sources[ending] ?? []).map((one) => place.slice(0, -ending.length) + one);
    const all = [
      ...[place, ...withSource],
      ...endings.map((one) => place + one),
      ...endings.map((one) => path.join(place, `index${one}`)),
    ];
    return all.find(isFile) ?? null;
  };

  const settingsOf = new Map();
  const settingsIn = (folder) => {
    if (!settingsOf.has(folder)) settingsOf.set(folder, readSettings(path.join(folder, "tsconfig.json"), 0));
    return settingsOf.get(folder);
  };
  /** `paths` and the folder that they start at; null if the file has none. */
  function readSettings(file, depth) {
    let found;
    try {
      const text = readFileSync(file, "utf8");
      if (text.length > settingsCharactersMax) return null;
      const bare = text.replaceAll(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//gu, (_all, quoted) => quoted ?? "");
      found = parse(bare.replaceAll(/("(?:[^"\\]|\\.)*")|,(?=\s*[\]}])/gu, (_all, quoted) => quoted ?? ""));
    } catch {
      return null;
    }
    const folder = path.dirname(file);
    const { paths, baseUrl } = found?.compilerOptions ?? {};
    const from = typeof baseUrl === "string" ? path.resolve(folder, baseUrl) : null;
    if (from !== null || (typeof paths === "object" && paths !== null))
      return { paths: Object.entries(paths ?? {}), from: from ?? folder, isBase: from !== null };
    const extended = typeof found?.extends === "string" && found.extends.startsWith(".") ? found.extends : null;
    if (extended === null || depth === 5) return null;
    return readSettings(path.resolve(folder, extended.endsWith(".json") ? extended : `${extended}.json`), depth + 1);
  }

  /** By the nearest tsconfig.json that has paths. */
  function mapped(specifier, file) {
    for (let folder = path.dirname(file); folder.startsWith(root); folder = path.dirname(folder)) {
      const settings = settingsIn(folder);
      if (settings === null) continue;
      for (const [pattern, targets] of settings.paths) {
        const [before, after] = pattern.split("*");
        const isMatch =
          after === undefined
            ? specifier === pattern
            : specifier.length >= pattern.length - 1 && specifier.startsWith(before) && specifier.endsWith(after);
        if (!isMatch || !Array.isArray(targets)) continue;
        const rest = after === undefined ? "" : specifier.slice(before.length, specifier.length - after.length);
        for (const target of targets) {
          const found = fileAt(
            path.resolve(
              settings.from,
              String(target).replace("*", () => rest),
            ),
          );
          if (found !== null) return found;
        }
      }
      return settings.isBase ? fileAt(path.resolve(settings.from, specifier)) : null;
    }
    return null;
  }

  function resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      const from = fileOf(context.parentURL ?? "");
      if (from === null || !isOwn(from) || /^[\w-]+:/u.test(specifier)) throw error;
      const found = /^\.{0,2}\//u.test(specifier)
        ? fileAt(path.resolve(path.dirname(from), specifier.replace(/[?#].*$/u, "")))
        : mapped(specifier, from);
      if (found === null) throw error;
      return { url: url.pathToFileURL(found).href, shortCircuit: true };
    }
  }

  /**
   * TypeScript leaves out what is imported and never used as a value, as it may be a type. `code` has no comments, and each import on one line. Only imports at the top count, as a text
   * may have such lines too; very long ones stay as they are.
   */
  function withoutUnusedImports(code) {
    const [top] = /^(?:import\b.*\n|["']use \w+["'];\n|\n)*/u.exec(code);
    let names = 0;
    const isUsed = (member) => {
      names += 1;
      const [name = ""] = /[\w$]+$/u.exec(member.trim()) ?? [];
      const pattern = new RegExp(`(?<![\\w$])${name.replaceAll("$", "\\$")}(?![\\w$])`, "gu");
      return name === "" || names > importedNamesMax || [...code.matchAll(pattern)].length > 1;
    };
    const kept = top.replaceAll(/^import (?=[\w$*{])([^'"\n]+) from (["'].*)$/gmu, (line, clause, from) => {
      if (clause.length > clauseCharactersMax) return line;
      const [list = null, members = ""] = /\{([^{}]*)\}/u.exec(clause) ?? [];
      const singles = (list === null ? clause : clause.replace(list, "")).split(",").map((one) => one.trim());
      const single = singles.filter((one) => one !== "" && isUsed(one));
      const named = members.split(",").filter((one) => one.trim() !== "" && isUsed(one));
      const parts = named.length === 0 ? single : [...single, `{${named.join(",")}}`];
      return parts.length === 0 ? "" : `import ${parts.join(", ")} from ${from}`;
    });
    return kept + code.slice(top.length);
  }

  function load(address, context, next) {
    const file = fileOf(address);
    if (file === null || !isOwn(file)) return next(address, context);
    if (/\.[cm]?ts$/u.test(file)) {
      const { code, isWhole } = transformed(readFileSync(file, "utf8"));
      if (code === null) return next(address, context);
      const isModule = /^(?:import|export)\b(?!\s*\()/mu.test(code) || file.endsWith(".mts");
      const source = isModule && isWhole ? withoutUnusedImports(code) : code;
      return { format: isModule ? "module" : "commonjs", source, shortCircuit: true };
    }
    const isImported = context.conditions?.includes("import") === true && context.importAttributes?.type === undefined;
    if (file.endsWith(".json") && isImported)
      return {
        format: "module",
        source: `export default JSON.parse(${stringify(readFileSync(file, "utf8"))})`,
        shortCircuit: true,
      };
    return next(address, context);
  }

  /** `isWhole`: in Node's printed form, without comments. */
  function transformed(code) {
    for (const mode of ["transform", "strip"])
      try {
        return { code: stripTypeScriptTypes(code, { mode }), isWhole: mode === "transform" };
      } catch {
        // The next mode, or Node itself.
      }
    return { code: null, isWhole: false };
  }

  registerHooks({ resolve, load });
});
