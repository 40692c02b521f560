/** Names sentinels so that a command that runs only tests of certain names runs them too. Pure. */
import type { Runner } from "./runner.ts";
import type { Sentinel } from "./sentinel-source.ts";

const value = String.raw`(?:=|\s+)(?:'([^']*)'|"([^"]*)"|(\S+))`;
const option = (names: string) => new RegExp(String.raw`\s(?:${names})${value}`, "gu");
/** Titles are texts in single quotes, and the filter is a pattern or a part of the title. */
const titles = /^[\w .:#,-]{1,100}$/u;
/** Names are identifiers, and the filter is a part of the name. */
const names = /^(?!(?:and|or|not)$)\w{1,100}$/iu;

/** By runner: the options that filter, the values that a name can contain, and options that turn a filter around or filter by something else. */
const filters: Readonly<Partial<Record<Runner["name"], { filter: RegExp; plain: RegExp; other?: RegExp }>>> = {
  mocha: { filter: option("-g|--grep|-f|--fgrep"), plain: titles, other: /\s(?:-i|--invert)(?:\s|$)/u },
  jest: { filter: option("-t|--testNamePattern"), plain: titles },
  vitest: { filter: option("-t|--testNamePattern"), plain: titles },
  "node-test": { filter: option("--test-name-pattern"), plain: titles, other: /\s--test-(?:skip-pattern|only)\b/u },
  jasmine: { filter: option("--filter"), plain: titles },
  ava: { filter: option("-m|--match"), plain: /(?!)/u },
  pytest: { filter: option("-k"), plain: names, other: /\s-m(?:=|\s+)(?=\S)(?!['"]?not\s|pytest\b|py\.test\b)/u },
  unittest: { filter: option("-k"), plain: names },
  go: { filter: option("--?run"), plain: names, other: /\s--?skip(?:=|\s)/u },
};

/** The runner with sentinels that pass the filter of the command `text`; with none, so that nothing proves its report, if no name surely passes. */
export function passingFilter(runner: Runner, text: string): Runner {
  const known = filters[runner.name];
  if (known === undefined || runner.sentinel === null) return runner;
  const found = [...text.matchAll(known.filter)].map(([, single, double, bare]) => single ?? double ?? bare ?? "");
  if (found.length === 0 && known.other?.test(text) !== true) return runner;
  const [words = ""] = found;
  if (found.length > 1 || !known.plain.test(words) || known.other?.test(text) === true)
    return { ...runner, sentinel: null };
  return { ...runner, sentinel: named(runner.sentinel, words, known.plain === titles) };
}

/** Each title or identifier of the sentinel begins with the words. */
function named({ source, assertions }: Sentinel, words: string, isTitle: boolean): Sentinel {
  return {
    assertions,
    source: (name, file) =>
      isTitle ? source(name, file).replaceAll(`'${name}`, () => `'${words} ${name}`) : source(`${words}_${name}`, file),
  };
}
