/** Recognizes ignored files that builds, package managers, editors and tests make. All others may be a person's work. Pure. */
import type { BytePath } from "./base-tree.ts";

const folders: ReadonlySet<string> = new Set([
  ...["node_modules", "bower_components", "jspm_packages", ".pnpm-store", ".yarn", "vendor", "Pods", "site-packages"],
  ...["dist", "build", "out", "target", "obj", "Debug", "Release", "coverage", "htmlcov", ".nyc_output", ".eggs"],
  ...[
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".hypothesis",
    ".tox",
    ".nox",
    ".venv",
    "venv",
    "env",
  ],
  ...[
    ".cache",
    ".next",
    ".nuxt",
    ".svelte-kit",
    ".turbo",
    ".parcel-cache",
    ".vite",
    ".gradle",
    ".m2",
    ".cargo",
    ".bundle",
  ],
  ...[".idea", ".vscode", ".vs", ".terraform", "tmp", "temp", ".tmp", "log", "logs", ".aedev", ".claude"],
]);
const names =
  /^(?:\.env(?:\..*)?|\.DS_Store|Thumbs\.db|\.eslintcache|\.stylelintcache|\.coverage(?:\..*)?|\.npmrc|.*\.(?:log|pyc|pyo|o|a|so|dll|class|tsbuildinfo|sw[op]|tmp|temp|bak|orig|rej|pid|lock|egg-info|profraw)|.*~)$/i;

/** True if a folder on the path holds dependencies, builds or caches, or the file is one that tools leave behind. */
export function isMadeByTools(path: BytePath): boolean {
  const parts = path.split("/");
  return parts.some((part) => folders.has(part) || part.endsWith(".egg-info")) || names.test(parts.at(-1) ?? "");
}
