/** Recognizes the JavaScript calls that define a test or a group of tests, with their name and marks (`skip`, `only`, a time limit). */

import type { CallMark } from "../shared/test-file.ts";
import { childOf, fieldOf, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { numberOf, plainString, propertiesOf, readChain } from "./javascript-calls.ts";
import { isFunction, isVariableDeclaration } from "./javascript-syntax.ts";

export interface TestCall {
  readonly kind: "test" | "group";
  readonly name: string;
  /** The string that is the test's name; undefined if the name is computed or the function's. */
  readonly title: SyntaxNode | undefined;
  readonly body: SyntaxNode | undefined;
  /** The table of `test.each([…])`. */
  readonly table: SyntaxNode | undefined;
  readonly marks: readonly CallMark[];
}

const groupNames = /^[xf]?(describe|context|suite)$/;
const testNames = /^([xfi]?it|[xf]?test|x?specify|tape|tap)$/;
const modifiers = new Set(
  "skip only todo failing fails concurrent sequential parallel serial each for skipIf runIf shuffle if describe test it".split(
    " ",
  ),
);
const testLibrary =
  /^(node:test|tape|tap|ava|uvu|blue-tape|tape-promise\/tape|bun:test|vitest|mocha|@jest\/globals|@playwright\/test)$/;

/** What a library's name defines; `maker` is uvu's `suite`, which only returns a function that defines tests. */
export type LibraryNames = ReadonlyMap<string, "test" | "group" | "maker">;

/** The file's names for a library's test functions: `const check = require("tape")`, `const sums = suite("sums")`. */
export function libraryNames(tree: SyntaxTree): LibraryNames {
  const names = new Map<string, "test" | "group" | "maker">();
  let library = "";
  const add = (bound: string, original: string) => {
    if (library === "uvu" && original === "suite") names.set(bound, "maker");
    else if (groupNames.test(original)) names.set(bound, "group");
    else if (testNames.test(original) || original === "default") names.set(bound, "test");
  };
  for (const statement of tree.root.children) {
    library = plainString(fieldOf(statement, "source")) ?? "";
    if (testLibrary.test(library))
      for (const { name, original } of importedNames(statement)) if (original !== "*") add(name, original);
    if (!isVariableDeclaration(statement)) continue;
    const text = textOf(statement);
    const [, made, maker] = /^(?:const|let|var)\s+(\w+)\s*=\s*(\w+)\s*(?:<[^=]*>)?\s*\(/.exec(text) ?? [];
    if (made !== undefined && maker !== undefined && names.get(maker) === "maker") names.set(made, "test");
    const match = /^(?:const|let|var)\s+(?:(\w+)|\{([^}]*)\})\s*=\s*require\(\s*['"]([^'"]+)['"]\s*\)/.exec(text);
    if (match === null || !testLibrary.test(match[3] ?? "")) continue;
    library = match[3] ?? "";
    if (match[1] !== undefined) add(match[1], "default");
    for (const part of (match[2] ?? "").split(",")) {
      const [original = "", bound = original] = part.split(":").map((name) => name.trim());
      add(bound, original);
    }
  }
  return names;
}

/** Each name that an import gives, with the original one: `default` for the default export, `*` for the namespace. */
export function importedNames(statement: SyntaxNode): { name: string; original: string }[] {
  const clause = childOf(statement, "import_clause", "import_require_clause");
  return partsOf(clause).flatMap((part) => {
    if (part.name === "identifier") return [{ name: textOf(part), original: "default" }];
    if (part.name === "namespace_import")
      return partsOf(part)
        .slice(-1)
        .map((one) => ({ name: textOf(one), original: "*" }));
    return partsOf(part.name === "named_imports" ? part : undefined).flatMap((one) => {
      const [own, alias] = [fieldOf(one, "name"), fieldOf(one, "alias")];
      return own === undefined ? [] : [{ name: textOf(alias ?? own), original: textOf(own) }];
    });
  });
}

/** Null if the call defines no test. */
export function readTestCall(node: SyntaxNode, library: LibraryNames): TestCall | null {
  const chain = node.name === "call_expression" ? readChain(node) : null;
  if (chain?.args == null) return null;
  const found = kindOf(chain.names, library);
  // `test.each(table)` alone returns the function that defines the tests.
  const isFactory = chain.inner.length === 0 && /^(each|for|skipIf|runIf|if)$/.test(chain.names.at(-1) ?? "");
  if (found === null || isFactory) return null;
  const body = chain.args.find(isFunction);
  const first = chain.args[0];
  if (first === undefined || (found.isMember && body === undefined)) return null;
  const written = plainString(first);
  const name = written ?? textOf(isFunction(first) ? (fieldOf(first, "name") ?? node) : first);
  const marks = [
    ...nameMarks(found.words),
    ...optionMarks(chain.args),
    ...timeoutMarks({ args: chain.args, name: found.base }),
  ];
  const isPending =
    body === undefined && chain.args.length === 1 && found.kind === "test" && first !== body && written !== null;
  if (isPending) marks.push({ kind: "todo", value: Number.NaN, text: "has no body", mayFail: true });
  const [given, ...others] = chain.inner.at(-1) ?? [];
  const isTable = /^(each|for)$/.test(chain.names.at(-1) ?? "") && given?.name === "array" && others.length === 0;
  const title = written === null ? undefined : first;
  return { kind: found.kind, name: name.slice(0, 2000), title, body, table: isTable ? given : undefined, marks };
}

/** `isMember`: a call such as `t.test(…)`, which counts as a test only if it gets a function. */
function kindOf(names: readonly string[], library: LibraryNames) {
  const [root = "", second = ""] = names;
  const known = library.get(root);
  if (known === "maker") return null;
  const plain = known ?? (groupNames.test(root) ? "group" : testNames.test(root) ? "test" : null);
  if (plain !== null && names.slice(1).every((name) => modifiers.has(name))) {
    const words = [root, ...names.slice(1)];
    const inner = names.slice(1).some((name) => groupNames.test(name)) ? "group" : plain;
    return { kind: inner, words, isMember: false, base: root } as const;
  }
  const member = groupNames.test(second) ? "group" : testNames.test(second) ? "test" : null;
  if (member === null || !names.slice(2).every((name) => modifiers.has(name))) return null;
  return { kind: member, words: names.slice(1), isMember: true, base: second } as const;
}

function nameMarks(words: readonly string[]): CallMark[] {
  return words.flatMap((name, index): CallMark[] => {
    const mark = (kind: CallMark["kind"]): CallMark[] => [
      { kind, value: Number.NaN, text: name, mayFail: /^(?:failing|fails|todo)$/.test(name) },
    ];
    if (index === 0 && /^x(describe|context|it|test|specify)$/.test(name)) return mark("skip");
    if (index === 0 && /^(f(describe|context|it)|iit)$/.test(name)) return mark("only");
    if (index === 0) return [];
    if (/^(skip|skipIf|runIf|if|failing|fails)$/.test(name)) return mark("skip");
    return name === "only" || name === "todo" ? mark(name) : [];
  });
}

function optionMarks(args: readonly SyntaxNode[]): CallMark[] {
  return args.flatMap((arg) =>
    [...propertiesOf(arg)].flatMap(([key, value]): CallMark[] => {
      const text = `${key}: ${value === undefined ? "?" : textOf(value).slice(0, 60)}`;
      if (/^(skip|only|todo)$/.test(key))
        return value !== undefined && textOf(value) === "false"
          ? []
          : [{ kind: key as "skip", value: Number.NaN, text, mayFail: key === "todo" }];
      if (key === "timeout") return [{ kind: "timeout", value: unlimitedAtZero(numberOf(value)), text }];
      return /^retr(y|ies)$/.test(key) ? [{ kind: "retries", value: numberOf(value), text }] : [];
    }),
  );
}

/** The time limit after a test's body; `bodyMark` reads calls within the body. */
function timeoutMarks({ args, name }: { args: readonly SyntaxNode[]; name: string }): CallMark[] {
  const last = args.at(-1);
  if (args.length < 3 || last === undefined || !isFunction(args.at(-2)) || name === "tape") return [];
  if (isFunction(last) || last.name === "object") return [];
  return [
    {
      kind: "timeout",
      value: unlimitedAtZero(numberOf(last)),
      text: `time limit ${textOf(last).slice(0, 60)}`,
    },
  ];
}

/** The mark that a call inside a test or group sets: `t.skip()`, `this.timeout(500)`, `jest.setTimeout(…)`. */
export function bodyMark(node: SyntaxNode): CallMark | null {
  const chain = node.name === "call_expression" ? readChain(node) : null;
  if (chain?.args == null || chain.names.length !== 2) return null;
  const [root = "", method = ""] = chain.names;
  const text = textOf(node).slice(0, 100);
  const value = numberOf(chain.args[0]);
  const isContext = /^(t|tt|st|this|ctx|context|test|tap|it|info|testInfo|jest|vi)$/.test(root);
  if (!isContext) return null;
  if (/^(skip|pass|fixme|todo)$/.test(method) && root !== "jest" && root !== "vi" && !chain.args.some(isFunction)) {
    if (method === "pass" || (method === "skip" && chain.args.length > 1)) return null;
    return { kind: method === "todo" ? "todo" : "skip", value: Number.NaN, text };
  }
  if (/^(timeout|timeoutAfter|setTimeout)$/.test(method))
    return { kind: "timeout", value: unlimitedAtZero(value), text };
  if (method === "slow" && root === "test") return { kind: "timeout", value: Number.NaN, text };
  if (/^(retries|retryTimes)$/.test(method)) return { kind: "retries", value, text };
  if (method !== "setConfig" && method !== "configure") return null;
  for (const [key, given] of propertiesOf(chain.args[0])) {
    if (/timeout/i.test(key)) return { kind: "timeout", value: unlimitedAtZero(numberOf(given)), text };
    if (/^retr(y|ies)$/.test(key)) return { kind: "retries", value: numberOf(given), text };
  }
  return null;
}

/** Marks after a test's call: `it(…).timeout(5000)`. */
export function linkMarks(node: SyntaxNode, statement: SyntaxNode): CallMark[] {
  const text = node.tree.text.slice(node.to, statement.to);
  const match = /^\s*\.\s*(timeout|retries)\(([^)]*)\)/.exec(text);
  if (match === null) return [];
  const value = Number(match[2]?.replace(/_/g, "") || Number.NaN);
  return [
    {
      kind: match[1] === "timeout" ? "timeout" : "retries",
      value: unlimitedAtZero(value),
      text: match[0].trim().slice(0, 100),
    },
  ];
}

function unlimitedAtZero(value: number): number {
  return value === 0 ? Number.POSITIVE_INFINITY : value;
}

/** Statements of a function's block, or its expression. */
export function bodyStatements(body: SyntaxNode): readonly SyntaxNode[] {
  const block = fieldOf(body, "body");
  if (block === undefined) return [];
  return block.name === "statement_block" ? partsOf(block) : [block];
}

/** The name path of each test: its groups' names, then its own. */
export function testPaths(tree: SyntaxTree): string[][] {
  const found: string[][] = [];
  const library = libraryNames(tree);
  const visit = (node: SyntaxNode, groups: readonly string[]): void => {
    const call = readTestCall(node, library);
    const names = call === null ? groups : [...groups, call.name];
    if (call?.kind === "test") found.push([...names]);
    else for (const child of node.children) visit(child, names);
  };
  visit(tree.root, []);
  return found;
}
