/** Reads from pytest's settings which plugins they need and whether they measure coverage. Pure. */
import { type DetectionFiles, fileText } from "./finding.ts";

/** pytest's plugins, recognized by their options or settings in a configuration. */
const plugins: readonly (readonly [name: string, sign: RegExp])[] = [
  ["pytest-cov", /--(?:no-)?cov\b/u],
  ["pytest-asyncio", /^[ \t]*asyncio_(?:mode|default)/mu],
  ["pytest-timeout", /^[ \t]*timeout[ \t]*=|--timeout\b/mu],
  ["pytest-xdist", /(?:\s|["'])-n[ =]?(?:auto|logical|\d)|--dist\b/u],
  ["pytest-benchmark", /--benchmark/u],
  ["pytest-django", /^[ \t]*DJANGO_SETTINGS_MODULE/mu],
];

/** The needed plugins' names on PyPI. */
export function pluginsOf(base: DetectionFiles): string[] {
  const settings = settingsOf(base);
  return plugins.filter(([, sign]) => sign.test(settings)).map(([name]) => name);
}

/** Coverage in settings may write a report into the read-only checkout, and a threshold is not a test. */
export function measuresCoverage(base: DetectionFiles): boolean {
  return /(?:^|[\s"'=])--cov(?:[=\s"'-]|$)/u.test(settingsOf(base));
}

/** pytest's sections in all files that can have one. */
function settingsOf(base: DetectionFiles): string {
  const sections = ["pyproject.toml", "pytest.ini", "setup.cfg", "tox.ini"].flatMap((path) => {
    const text = fileText(base, path) ?? "";
    const start = text.search(/^\[(?:tool\.pytest|tool:pytest|pytest\])/mu);
    if (start === -1) return [];
    const rest = text.slice(start + 1);
    const end = rest.search(/^\[(?!tool\.pytest)/mu);
    return [end === -1 ? rest : rest.slice(0, end)];
  });
  return sections.join("\n");
}
