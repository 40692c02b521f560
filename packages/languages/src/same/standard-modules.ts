/** Modules that come with a language and do nothing else than to declare when they are loaded. Pure. */
import { builtinModules } from "node:module";

const python: ReadonlySet<string> = new Set(
  (
    "abc argparse array ast asyncio base64 bisect calendar cmath collections concurrent configparser contextlib contextvars copy csv ctypes dataclasses datetime decimal " +
    "difflib dis email enum errno fnmatch fractions functools getpass glob gzip hashlib heapq hmac html http importlib inspect io ipaddress itertools json keyword linecache " +
    "locale logging lzma math mimetypes multiprocessing numbers operator os pathlib pickle platform pprint queue random re secrets select shlex shutil signal socket sqlite3 " +
    "ssl stat statistics string struct subprocess sys tarfile tempfile textwrap threading time timeit tokenize tomllib traceback types typing unicodedata unittest urllib uuid " +
    "warnings weakref xml zipfile zlib zoneinfo"
  ).split(" "),
);
const script: ReadonlySet<string> = new Set(builtinModules);
/** Packages of Go that register themselves. */
const registering = /^(?:crypto|image|hash|expvar$|net\/http\/pprof$|time\/tzdata$|embed$|C$)/u;

export function isStandardModule(module: string, language: string, goModule: string | null): boolean {
  const [first = ""] = module.split(/[/.]/u);
  switch (language) {
    case "javascript":
      return module.startsWith("node:") || script.has(module);
    case "python":
      return python.has(first);
    case "go":
      return (
        !(module.split("/")[0] ?? "").includes(".") && first !== goModule?.split("/")[0] && !registering.test(module)
      );
    default:
      return false;
  }
}
