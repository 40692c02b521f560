/** Paths by which files load each other, and what a file's own path decides. Pure. */
import { posix } from "node:path";
import { languageOf } from "../index.ts";
import { isStandardModule } from "./standard-modules.ts";

export interface FileMove {
  readonly from: string;
  readonly to: string;
}

const ending = /\.(?:[cm]?[jt]sx?|py|go)$/u;
const bare = (path: string) => path.replace(ending, "");

/** Whether a file loads, by this text, another file of the repository that may have changed. */
export function isOurModule(
  module: string,
  path: string,
  { files, goModule }: { files: readonly { path: string; from: string }[]; goModule: string | null },
): boolean {
  const changed = files.flatMap((file) => [file.path, file.from]);
  switch (languageOf(path)?.name) {
    case "javascript": {
      if (!/^\.{1,2}(?:\/|$)/u.test(module)) return false;
      const target = posix.join(posix.dirname(path), module).replace(/\/$/u, "");
      return changed.some((one) =>
        [target, bare(target), posix.join(target, "index")].some((place) => one === place || bare(one) === place),
      );
    }
    case "go":
      return (
        goModule !== null &&
        changed.some((one) => one.endsWith(".go") && posix.join(goModule, posix.dirname(one)) === module)
      );
    case "python": {
      const isNear = module.startsWith(".");
      const wanted = isNear ? nearModule(module, path) : module.replaceAll(".", "/");
      return changed.some((one) => {
        if (!one.endsWith(".py")) return false;
        const places = (isNear ? (own: string) => [own] : placesOf)(bare(one).replace(/\/__init__$/u, ""));
        return places.includes(wanted) || places.some((place) => place.startsWith(`${wanted}/`));
      });
    }
    default:
      return false;
  }
}

/** The names under which Python may load a module: from the top, and from a folder of sources. */
const placesOf = (path: string) => [
  path,
  ...(/^(?:src|lib|python|tests?)\//u.test(path) ? [path.replace(/^\w+\//u, "")] : []),
];

type Loading = readonly [module: string, path: string];

/** Whether both texts load the same file, each from its path. A file that moved may be named with or without its ending. */
export function isSameModule([old, from]: Loading, [young, to]: Loading, moves: readonly FileMove[]): boolean {
  const [one, other] = [moduleAfter(old, from, moves), moduleAfter(young, to, [])];
  return one === other || (bare(one) === bare(other) && moves.some((move) => `/${bare(move.to)}` === bare(one)));
}

/** What a text loads from `path` after the files moved. */
function moduleAfter(module: string, path: string, moves: readonly FileMove[]): string {
  const language = languageOf(path)?.name;
  if (language === "javascript") {
    if (!module.startsWith(".")) return module;
    const target = posix.join(posix.dirname(path), module);
    return `/${moved(target, moves)}`;
  }
  if (language !== "python") return module;
  if (!module.startsWith(".")) {
    const inside = module.replaceAll(".", "/");
    for (const { from, to } of moves) {
      const [old, young] = [bare(from), bare(to)];
      const at = placesOf(old).indexOf(inside);
      if (at !== -1) return (placesOf(young)[at] ?? young).replaceAll("/", ".");
    }
    return module;
  }
  return `/${moved(nearModule(module, path), moves)}`;
}

/** The path of a module that Python finds from a file: `..a.b`. */
function nearModule(module: string, path: string): string {
  const dots = /^\.*/u.exec(module)?.[0].length ?? 0;
  const above = Array.from({ length: dots - 1 }, () => "..");
  return posix.join(posix.dirname(path), ...above, module.slice(dots).replaceAll(".", "/"));
}

function moved(target: string, moves: readonly FileMove[]): string {
  for (const { from, to } of moves) {
    if (target === from) return to;
    if (target === bare(from)) return bare(to);
    if (`${target}/index` === bare(from)) return bare(to);
  }
  return target;
}

/** Words by which code asks for its own place. */
const place =
  /\b(?:__dirname|__filename|import\.meta|require\.main|__file__|__name__|__spec__|__package__|runtime\.Caller|embed)\b/u;
/** Names of files that a language or a tool looks for. */
const special = /^(?:index|main|mod|lib|setup|conftest|__\w+__|.*\.config|.*rc)$/u;

/** Whether a file means the same under its new path. */
export function staysItself({ from, to }: FileMove, text: string): boolean {
  const [old, young] = [posix.parse(from), posix.parse(to)];
  if (old.ext !== young.ext || place.test(text)) return false;
  if (special.test(old.name) || special.test(young.name)) return false;
  if (old.ext === ".py" && isStandardModule(young.name, "python", null)) return false;
  if (kindOf(old.name) !== kindOf(young.name)) return false;
  // Go sets variables and runs `init` in the order of the files.
  if (old.ext === ".go" && /^(?:func init\(|var\b)/mu.test(text)) return false;
  if (old.ext === ".go") return old.dir === young.dir && suffixes(old.name) === suffixes(young.name);
  return true;
}

/** The parts of a file's name by which tools find tests and other kinds of files: `test_`, `.test`, `.server`. */
const kindOf = (name: string) => /^(test_?|_)?.*?(_(?:test|spec)s?)?((?:\.\w+)*)$/u.exec(name)?.slice(1).join(" ");

/** The parts of a Go file's name that decide when it is compiled. */
const suffixes = (name: string) => /(?:_[a-z\d]+)*$/u.exec(name)?.[0] ?? "";
