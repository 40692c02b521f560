/** Finds the plugins that the settings of pytest need. Pure. */
import { type DetectionFiles, fileText } from "./finding.ts";

/** Plugins of pytest whose options or settings stand in a configuration. */
const plugins: readonly (readonly [name: string, sign: RegExp])[] = [
  ["pytest-cov", /--(?:no-)?cov\b/u],
  ["pytest-asyncio", /^[ \t]*asyncio_(?:mode|default)/mu],
  ["pytest-timeout", /^[ \t]*timeout[ \t]*=|--timeout\b/mu],
  ["pytest-xdist", /(?:\s|["'])-n[ =]?(?:auto|logical|\d)|--dist\b/u],
  ["pytest-benchmark", /--benchmark/u],
  ["pytest-django", /^[ \t]*DJANGO_SETTINGS_MODULE/mu],
];

/** Their names on PyPI. */
export function pluginsOf(base: DetectionFiles): string[] {
  const settings = ["pyproject.toml", "pytest.ini", "setup.cfg", "tox.ini"].flatMap((path) => {
    const text = fileText(base, path) ?? "";
    const start = text.search(/^\[(?:tool\.pytest|tool:pytest|pytest\])/mu);
    if (start === -1) return [];
    const rest = text.slice(start + 1);
    const end = rest.search(/^\[(?!tool\.pytest)/mu);
    return [end === -1 ? rest : rest.slice(0, end)];
  });
  return plugins.filter(([, sign]) => sign.test(settings.join("\n"))).map(([name]) => name);
}
