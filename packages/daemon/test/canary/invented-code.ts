/** Invents small programs and changes to them from a seed: many, varied, and of the kind that a coder writes. Pure. */

export type Choose = (below: number) => number;

/** A small seeded generator (mulberry32): the same seed gives the same numbers everywhere. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const nouns =
  "order invoice ticket parcel user session cart price stock report ledger batch queue message upload record field token route branch badge score slot quota cursor window account profile device sensor".split(
    " ",
  );
const verbs =
  "load store merge count apply check find send parse split reduce close open read drop resolve refund rotate".split(
    " ",
  );

const capital = (word: string) => word[0]?.toUpperCase() + word.slice(1);

interface Words {
  readonly noun: string;
  readonly other: string;
  readonly name: string;
  readonly limit: number;
}

const script: readonly ((words: Words) => string[])[] = [
  ({ name, noun, limit }) => [
    `export function ${name}(${noun}s, limit = ${limit}) {`,
    `  const kept = ${noun}s.filter((${noun}) => ${noun}.size < limit);`,
    "  if (kept.length === 0) return null;",
    "  return kept.slice(0, limit);",
    "}",
  ],
  ({ name, noun, other }) => [
    `export async function ${name}(${noun}, store) {`,
    `  const ${other} = await store.read(${noun}.id);`,
    `  if (${other} === undefined) throw new Error("no ${other} for this ${noun}");`,
    `  await store.write(${noun}.id, { ...${other}, ${noun} });`,
    `  return ${other};`,
    "}",
  ],
  ({ name, noun, limit }) => [
    `export function ${name}(user, ${noun}) {`,
    `  if (!user.allowed) throw new Error("not allowed");`,
    `  if (user.role !== "owner" && ${noun}.level >= ${limit}) return false;`,
    `  return ${noun}.owner === user.id;`,
    "}",
  ],
  ({ name, noun, other, limit }) => [
    `export function ${name}(${noun}s) {`,
    "  let total = 0;",
    `  for (let index = 0; index < ${noun}s.length; index += 1) {`,
    `    const ${other} = ${noun}s[index];`,
    `    if (${other}.count > ${limit}) total += ${other}.count - 1;`,
    "  }",
    "  return total;",
    "}",
  ],
  ({ name, noun, other, limit }) => [
    `export async function ${name}(path, open) {`,
    `  const ${noun} = await open(path);`,
    "  try {",
    `    const ${other} = await ${noun}.readAll();`,
    `    return ${other}.length > ${limit} ? ${other}.slice(${limit}) : ${other};`,
    "  } finally {",
    `    ${noun}.close();`,
    "  }",
    "}",
  ],
  ({ name, noun, other }) => [
    `// ${capital(other)}s are kept per ${noun}; a second one waits for the first.`,
    `export async function ${name}(lock, ${noun}, work) {`,
    "  await lock.acquire();",
    "  try {",
    `    return await work(${noun}.${other});`,
    "  } finally {",
    "    lock.release();",
    "  }",
    "}",
  ],
];
const python: readonly ((words: Words) => string[])[] = [
  ({ name, noun, limit }) => [
    `def ${name}(${noun}s, limit=${limit}):`,
    `    kept = [${noun} for ${noun} in ${noun}s if ${noun}.size < limit]`,
    "    if not kept:",
    "        return None",
    "    return kept[0:limit]",
  ],
  ({ name, noun, other }) => [
    `def ${name}(user, ${noun}):`,
    "    if not user.allowed:",
    `        raise PermissionError("not allowed")`,
    `    if ${noun}.owner != user.id and user.role != "admin":`,
    "        return False",
    `    return ${noun}.${other} is not None`,
  ],
  ({ name, noun, limit }) => [
    `def ${name}(${noun}s):`,
    "    total = 0",
    `    for index in range(len(${noun}s)):`,
    `        if ${noun}s[index] > ${limit}:`,
    `            total = total + ${noun}s[index] - 1`,
    "    return total",
  ],
];

function wordsBy(pick: Choose): Words {
  const noun = nouns[pick(nouns.length)] ?? "";
  const other = nouns.filter((word) => word !== noun)[pick(nouns.length - 1)] ?? "";
  const name = `${verbs[pick(verbs.length)]}${capital(noun)}${capital(nouns[pick(nouns.length)] ?? "")}`;
  return { noun, other, name, limit: 2 + pick(40) };
}

export interface InventedChange {
  readonly title: string;
  readonly criteria: readonly string[];
  /** Texts by path, before and after. */
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
  readonly tests: readonly string[];
}

/** One change to files of its own: functions added to a module in one or more places, and a test of them. */
export function inventChange(number: number, random: () => number): InventedChange {
  const pick: Choose = (below) => Math.floor(random() * below);
  const isPython = pick(4) === 0;
  const templates = isPython ? python : script;
  const make = () => {
    const words = wordsBy(pick);
    return { words, lines: templates[pick(templates.length)]?.(words) ?? [] };
  };
  const old = Array.from({ length: 2 + pick(4) }, make);
  const added = Array.from({ length: 1 + pick(4) }, make);
  const places = added.map(() => pick(old.length + 1));
  const text = (withNew: boolean) =>
    Array.from({ length: old.length + 1 }, (_, place) => [
      ...(withNew ? added.filter((_each, index) => places[index] === place) : []),
      ...(old[place] === undefined ? [] : [old[place]]),
    ])
      .flat()
      .map(({ lines }) => `${lines.join("\n")}\n`)
      .join(isPython ? "\n\n" : "\n");
  const [module, test] = isPython
    ? [`lib/part_${number}.py`, `test/test_part_${number}.py`]
    : [`lib/part-${number}.js`, `test/part-${number}.test.js`];
  const names = added.map(({ words }) => words.name);
  return {
    title: `${capital(names[0] ?? "")} for ${added[0]?.words.noun}s`,
    criteria: names.map((name) => `${name} is there and a test shows what it does`),
    before: { [module]: text(false) },
    after: {
      [module]: text(true),
      [test]: isPython ? pythonTest(number, names, pick) : scriptTest(number, names, pick),
    },
    tests: names.map((name) => `${name} does what it says`),
  };
}

function scriptTest(number: number, names: readonly string[], pick: Choose): string {
  const cases = names.flatMap((name) => [
    `test("${name} does what it says", async () => {`,
    ...Array.from({ length: 1 + pick(3) }, () => `  assert.equal(typeof ${name}, "function");`),
    "});",
    "",
  ]);
  const head = ['import assert from "node:assert/strict";', 'import test from "node:test";'];
  return [...head, `import { ${names.join(", ")} } from "../lib/part-${number}.js";`, "", ...cases].join("\n");
}

function pythonTest(number: number, names: readonly string[], pick: Choose): string {
  const cases = names.flatMap((name) => [
    "",
    "",
    `def test_${name}():`,
    ...Array.from({ length: 1 + pick(3) }, () => `    assert callable(${name})`),
  ]);
  return [`from lib.part_${number} import ${names.join(", ")}`, ...cases, ""].join("\n");
}
