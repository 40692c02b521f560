/** Puts the recorder into a Go file: it renames each function and adds one with the old name that calls it and records the call. Pure. */

import { childOf, fieldOf, partsIn, partsOf, textOf, textsOf } from "../tree/print-syntax.ts";
import { type SyntaxNode, type SyntaxTree, UnreadableText } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";
import { goDefined, goImports, goSign, goSpecs } from "./go-syntax.ts";

interface GoFunction {
  /** `Total`, or `Cart.Total` for a method. */
  readonly name: string;
  /** The expression that denotes it inside its package: `Total`, `(*Cart).Total`. */
  readonly expression: string;
}
export interface GoFile {
  readonly packageName: string;
  /** Functions that a program can call by name. */
  readonly functions: readonly GoFunction[];
  /** Names of functions whose calls can't be recorded. */
  readonly unrecorded: readonly string[];
  /** Variables of the package. */
  readonly variables: readonly string[];
  /** Names that the file writes to or takes the address of. */
  readonly written: readonly string[];
  /** The file's text with the recorder. */
  readonly text: string;
}
export interface GoNames {
  /** The name of the recorder's package, with which every added name begins; empty if the file is only read. */
  readonly own: string;
  /** The import path of the recorder's package. */
  readonly importPath: string;
  /** The file's path in the repository. */
  readonly path: string;
  /** Whether the tests write to variables of the package. */
  readonly isSetUp: boolean;
}

interface Declared extends GoFunction {
  /** It calls `recover`, which works only in the deferred function itself and so can't be wrapped. */
  readonly recovers: boolean;
  readonly isExported: boolean;
  /** The node of the name in the source. */
  readonly at: SyntaxNode;
  /** Type of the receiver. */
  readonly receiver: string | null;
  /** Types of the parameters; the last may begin with `...`. */
  readonly parameters: readonly string[];
  readonly results: readonly string[];
}

/**
 * `given`: the file as it runs in tests, maybe with extra functions; `unmarked`: the original. Null if it has build constraints or C, or is part of a program.
 * Throws `UnreadableText`.
 */
export function instrumentGo(given: string, unmarked: string, names: GoNames): GoFile | null {
  const [text, original] = [given, unmarked].map((one) => one.replace(/^\ufeff/u, "")) as [string, string];
  const tree = readSyntax(text, names.path);
  const clause = childOf(tree.root, "package_clause");
  const packageName = clause === undefined ? "" : textOf(childOf(clause, "package_identifier") ?? clause);
  if (clause === undefined) throw new UnreadableText("no package clause");
  if (
    /^[ \t]*\/\/(?:go:build|\s*\+build)\s/mu.test(text.slice(0, clause.from)) ||
    goImports(tree).some(({ path }) => path === "C")
  )
    return null;
  const source = text === original ? tree : readSyntax(original, names.path);
  if (packageName === "main" || source.errors.length > 0) return null;
  const known = functionsOf(source);
  const own = new Set(known.map(({ name }) => name));
  const declared = functionsOf(tree).filter((one) => own.has(one.name) && !one.recovers);
  return {
    packageName,
    functions: known.map(({ name, expression }) => ({ name, expression })),
    unrecorded: [...known.filter(({ recovers }) => recovers).map(({ name }) => name), ...otherFunctions(source)],
    variables: source.root.children
      .filter(({ name }) => name === "var_declaration")
      .flatMap((node) => goSpecs(node).flatMap(goDefined))
      .map(textOf),
    written: [...new Set(writtenIn(source.root))],
    text: names.own === "" ? "" : declared.length === 0 ? text : withRecorder(text, { clause, declared, names }),
  };
}

function withRecorder(
  text: string,
  { clause, declared, names }: { clause: SyntaxNode; declared: readonly Declared[]; names: GoNames },
): string {
  let instrumented = "";
  let from = 0;
  for (const { at } of declared) {
    instrumented += `${text.slice(from, at.to)}${names.own}`;
    from = at.to;
  }
  instrumented += text.slice(from);
  const imported = `; import ${names.own} ${JSON.stringify(names.importPath)}`;
  instrumented = `${instrumented.slice(0, clause.to)}${imported}${instrumented.slice(clause.to)}`;
  const exported = declared.filter(({ isExported }) => isExported).map(({ name }) => JSON.stringify(name));
  const registered = `var _ = ${names.own}.Register(${[JSON.stringify(names.path), ...exported].join(", ")})`;
  return [instrumented, registered, ...declared.map((one) => recording(one, names)), ""].join("\n");
}

/** All names that a node assigns to or takes the address of. */
function writtenIn(node: SyntaxNode): string[] {
  return [
    ...changedBy(node).flatMap((target) => [...textsOf(target, /^(?:field_)?identifier$/u)]),
    ...node.children.flatMap((child) => writtenIn(child)),
  ];
}

function changedBy(node: SyntaxNode): SyntaxNode[] {
  if (/^(?:inc|dec)_statement$/u.test(node.name)) return partsOf(node);
  if (node.name === "assignment_statement") return partsIn(node, "left");
  return goSign(node) === "&" ? partsIn(node, "operand") : [];
}

/** Names of the functions and methods that `functionOf` rejects, except start-up functions. */
function otherFunctions(tree: SyntaxTree): string[] {
  return tree.root.children.flatMap((node) => {
    if (!/^(?:function|method)_declaration$/u.test(node.name) || functionOf(node) !== null) return [];
    const name = textOf(fieldOf(node, "name") ?? node);
    if (node.name === "function_declaration") return name === "init" || name === "_" ? [] : [name];
    const receiver = fieldOf(node, "receiver");
    const owner = receiver === undefined ? [] : [...textsOf(receiver, /^type_identifier$/u)];
    return owner.map((one) => `${one}.${name}`);
  });
}

function functionsOf(tree: SyntaxTree): Declared[] {
  return tree.root.children.flatMap((node) => functionOf(node) ?? []);
}

/** Null for a function that can't be called directly: `init`, one without a body, or one with type parameters. */
function functionOf(node: SyntaxNode): Declared | null {
  const isMethod = node.name === "method_declaration";
  if (!isMethod && node.name !== "function_declaration") return null;
  const at = fieldOf(node, "name");
  if (at === undefined || fieldOf(node, "type_parameters") !== undefined || fieldOf(node, "body") === undefined)
    return null;
  const own = textOf(at);
  if (own === "_" || (!isMethod && own === "init")) return null;
  const [parameters, result] = [fieldOf(node, "parameters"), fieldOf(node, "result")];
  if (parameters === undefined) return null;
  const given = typesOf(parameters);
  const results = result === undefined ? [] : result.name === "parameter_list" ? typesOf(result) : [textOf(result)];
  const receiver = isMethod ? (typesOf(fieldOf(node, "receiver") ?? node)[0] ?? null) : null;
  // The receiver's type has parameters or parentheses.
  if (receiver !== null && !/^\*?\s*\w+$/u.test(receiver)) return null;
  if (given.some((type) => type === "") || results.some((type) => type === "")) return null;
  const owner = receiver?.replace(/^\*\s*/u, "") ?? "";
  return {
    name: receiver === null ? own : `${owner}.${own}`,
    expression: receiver === null ? own : `(${receiver}).${own}`,
    recovers: /\brecover\b/u.test(textOf(node)),
    isExported: /^\p{Lu}/u.test(own) && /^\p{Lu}|^$/u.test(owner),
    at,
    receiver,
    parameters: given,
    results,
  };
}

/** The type of each parameter name. */
function typesOf(list: SyntaxNode): string[] {
  return list.children
    .filter(({ name }) => /parameter_declaration$/u.test(name))
    .flatMap((parameter) => {
      const names = goDefined(parameter);
      const last = names.at(-1);
      const type = list.tree.text.slice(last?.to ?? parameter.from, parameter.to).trim();
      return Array.from({ length: Math.max(1, names.length) }, () => type);
    });
}

/** The text of the recording function, which has the old name. */
function recording(one: Declared, { own, path, isSetUp }: GoNames): string {
  const called = one.name.slice(one.name.lastIndexOf(".") + 1);
  const given = one.parameters.map((_, index) => `${own}p${index}`);
  const results = one.results.map((_, index) => `${own}r${index}`);
  const receiver = one.receiver === null ? "" : `(${own}o ${one.receiver}) `;
  const parameters = one.parameters.map((type, index) => `${given[index]} ${type}`).join(", ");
  const gives =
    one.results.length === 0 ? "" : ` (${one.results.map((type, index) => `${results[index]} ${type}`).join(", ")})`;
  const places = [...(one.receiver === null ? [] : [`&${own}o`]), ...given.map((name) => `&${name}`)];
  const last = one.parameters.at(-1)?.startsWith("...") === true ? "..." : "";
  const call = `${one.receiver === null ? "" : `${own}o.`}${called}${own}(${given.join(", ")}${last})`;
  const begin = [JSON.stringify(path), JSON.stringify(one.name), `${isSetUp}`, ...places].join(", ");
  return `func ${receiver}${called}(${parameters})${gives} {
	${own}c, ${own}d := ${own}.Begin(${begin}), false
	defer func() {
		if ${own}d {
			${own}c.End(${results.map((name) => `&${name}`).join(", ")})
		} else if ${own}e := recover(); ${own}e != nil {
			${own}c.Panicked(${own}e)
			panic(${own}e)
		}
	}()
	${results.length === 0 ? "" : `${results.join(", ")} = `}${call}
	${own}d = true
	return
}`;
}
