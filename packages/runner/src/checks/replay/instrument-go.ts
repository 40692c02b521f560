/** Puts the recorder into a Go file: each function gets another name, and a function of the old name calls it and records the call. Pure. */
import { goImports } from "@aedev/languages/go/go-syntax";
import { childOf, sourceText } from "@aedev/languages/tree/print-syntax";
import { type SyntaxNode, type SyntaxTree, UnreadableText } from "@aedev/languages/tree/syntax-node";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";

export interface GoFunction {
  /** `Total`, or `Cart.Total` for a method. */
  readonly name: string;
  /** What stands for it in its package: `Total`, `(*Cart).Total`. */
  readonly expression: string;
}
export interface GoFile {
  readonly packageName: string;
  /** Those that can be called by their name. */
  readonly functions: readonly GoFunction[];
  /** Names of functions whose calls can't be recorded. */
  readonly unrecorded: readonly string[];
  /** Variables of the package. */
  readonly variables: readonly string[];
  /** Names that the file writes to, or takes the address of. */
  readonly written: readonly string[];
  /** With the recorder. */
  readonly text: string;
}
export interface GoNames {
  /** Of the recorder's package, and the beginning of every name that is added; empty if the file is only read. */
  readonly own: string;
  /** By which the recorder's package is imported. */
  readonly importPath: string;
  /** Of the file in the repository. */
  readonly path: string;
  /** Whether the tests write to variables of the package. */
  readonly isSetUp: boolean;
}

interface Declared extends GoFunction {
  /** It calls `recover`, which works only in the function that is deferred itself: another one can't call it. */
  readonly recovers: boolean;
  readonly isExported: boolean;
  /** Of the name in the source. */
  readonly at: SyntaxNode;
  /** Type of the receiver. */
  readonly receiver: string | null;
  /** Types of the parameters; the last may begin with `...`. */
  readonly parameters: readonly string[];
  readonly results: readonly string[];
}

/** `text`: the file as it runs in the tests, with functions that it lacks elsewhere. Null if it is compiled only sometimes, or its package is a program. Throws `UnreadableText`. */
export function instrumentGo(given: string, unmarked: string, names: GoNames): GoFile | null {
  const [text, original] = [given, unmarked].map((one) => one.replace(/^\ufeff/u, "")) as [string, string];
  const tree = readSyntax(text, names.path);
  const clause = childOf(tree.root, "PackageClause");
  const packageName = clause === undefined ? "" : sourceText(tree, childOf(clause, "DefName") ?? clause);
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
    variables: source.root.children.flatMap((node) => (node.name === "VarDecl" ? declaredIn(source, node) : [])),
    written: [...new Set(writtenIn(source, source.root))],
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

/** Names of the variables of a declaration. */
function declaredIn(tree: SyntaxTree, node: SyntaxNode): string[] {
  return node.children.flatMap((child) => {
    if (child.name === "DefName") return [sourceText(tree, child)];
    return /^(?:VarSpec|SpecList)$/u.test(child.name) ? declaredIn(tree, child) : [];
  });
}

/** All names in the targets of assignments, and those whose address is taken. */
function writtenIn(tree: SyntaxTree, node: SyntaxNode): string[] {
  const at = node.children.findIndex(({ name }) => name === "=" || name === "UpdateOp" || name === "IncDecOp");
  const isWrite = /^(?:Assignment|IncDecStatement)$/u.test(node.name);
  const isAddress = node.name === "UnaryExp" && sourceText(tree, node).startsWith("&");
  const targets = isWrite ? node.children.slice(0, Math.max(at, 1)) : isAddress ? node.children.slice(1) : [];
  return [
    ...targets.flatMap((target) => namesIn(tree, target)),
    ...node.children.flatMap((child) => writtenIn(tree, child)),
  ];
}

function namesIn(tree: SyntaxTree, node: SyntaxNode): string[] {
  if (/^(?:VariableName|FieldName)$/u.test(node.name)) return [sourceText(tree, node)];
  return node.children.flatMap((child) => namesIn(tree, child));
}

/** Functions and methods that `functionOf` can't take, but for start-up functions. */
function otherFunctions(tree: SyntaxTree): string[] {
  return tree.root.children.flatMap((node) => {
    if (!/^(?:Function|Method)Decl$/u.test(node.name) || functionOf(tree, node) !== null) return [];
    const name = sourceText(tree, childOf(node, "DefName", "FieldName") ?? node);
    if (node.name === "FunctionDecl") return name === "init" || name === "_" ? [] : [name];
    const receiver = childOf(node, "Parameters");
    const owner = receiver === undefined ? [] : typeNames(tree, receiver);
    return owner.map((one) => `${one}.${name}`);
  });
}

/** The types in a list of parameters, without what they are made of. */
function typeNames(tree: SyntaxTree, node: SyntaxNode): string[] {
  return node.name === "TypeName" ? [sourceText(tree, node)] : node.children.flatMap((child) => typeNames(tree, child));
}

function functionsOf(tree: SyntaxTree): Declared[] {
  return tree.root.children.flatMap((node) => functionOf(tree, node) ?? []);
}

/** Null for functions that can't be called directly: `init`, those without a body, and those with type parameters. */
function functionOf(tree: SyntaxTree, node: SyntaxNode): Declared | null {
  const isMethod = node.name === "MethodDecl";
  if (!isMethod && node.name !== "FunctionDecl") return null;
  const at = childOf(node, isMethod ? "FieldName" : "DefName");
  if (at === undefined || childOf(node, "TypeParams") !== undefined || childOf(node, "Block") === undefined)
    return null;
  const own = sourceText(tree, at);
  if (own === "_" || (!isMethod && own === "init")) return null;
  const signature = node.children
    .slice(node.children.indexOf(at) + 1)
    .filter(({ name }) => name !== "Block" && isPart(name));
  const [parameters, result] = signature;
  if (parameters?.name !== "Parameters") return null;
  const given = typesOf(tree, parameters);
  const results =
    result === undefined ? [] : result.name === "Parameters" ? typesOf(tree, result) : [sourceText(tree, result)];
  const receiver = isMethod ? (typesOf(tree, childOf(node, "Parameters") ?? node)[0] ?? null) : null;
  // A type with parameters, or one in parentheses.
  if (receiver !== null && !/^\*?\s*\w+$/u.test(receiver)) return null;
  if (given.some((type) => type === "") || results.some((type) => type === "")) return null;
  const owner = receiver?.replace(/^\*\s*/u, "") ?? "";
  return {
    name: receiver === null ? own : `${owner}.${own}`,
    expression: receiver === null ? own : `(${receiver}).${own}`,
    recovers: /\brecover\b/u.test(sourceText(tree, node)),
    isExported: /^\p{Lu}/u.test(own) && /^\p{Lu}|^$/u.test(owner),
    at,
    receiver,
    parameters: given,
    results,
  };
}

const isPart = (name: string) => !name.endsWith("Comment");

/** The type of each parameter; one for each name. */
function typesOf(tree: SyntaxTree, list: SyntaxNode): string[] {
  return list.children
    .filter(({ name }) => name === "Parameter")
    .flatMap((parameter) => {
      const names = parameter.children.filter(({ name }) => name === "DefName");
      const last = names.at(-1);
      const type = tree.text.slice(last?.to ?? parameter.from, parameter.to).trim();
      return Array.from({ length: Math.max(1, names.length) }, () => type);
    });
}

/** The function of the old name. */
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
