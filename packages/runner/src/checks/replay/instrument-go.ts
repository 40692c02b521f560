/** Puts the recorder into a Go file: each function gets another name, and a function of the old name calls it and records the call. Pure. */
import { goImports } from "@aedev/host/syntax/go-syntax";
import { childOf, sourceText } from "@aedev/host/syntax/print-syntax";
import { readSyntax, type SyntaxNode, type SyntaxTree, UnreadableText } from "@aedev/host/syntax/syntax-tree";

export interface GoFunction {
  /** `Total`, or `Cart.Total` for a method. */
  readonly name: string;
  /** What stands for it in its package: `Total`, `(*Cart).Total`. */
  readonly expression: string;
  /** Its declaration, as written. */
  readonly declaration: string;
}
export interface GoFile {
  readonly packageName: string;
  readonly functions: readonly GoFunction[];
  /** The other declarations, without imports: types, variables, and functions that can't be called by themselves. */
  readonly others: readonly string[];
  /** What the other declarations declare. */
  readonly names: readonly string[];
  /** Comments that the compiler reads. */
  readonly directives: readonly string[];
  /** Imported packages as `name path`. */
  readonly imports: readonly string[];
  /** With the recorder. */
  readonly text: string;
}
export interface GoNames {
  /** Of the recorder's package, and the beginning of every name that is added. */
  readonly own: string;
  /** By which the recorder's package is imported. */
  readonly importPath: string;
  /** Of the file in the repository. */
  readonly path: string;
  /** Whether the tests write to variables of the package. */
  readonly isSetUp: boolean;
}

interface Declared extends GoFunction {
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
  const written = text === original ? tree : readSyntax(original, names.path);
  const functions = functionsOf(written).map(({ name, expression, declaration }) => ({
    name,
    expression,
    declaration,
  }));
  const own = new Set(functions.map(({ name }) => name));
  // `recover` works in the function that is deferred itself, so that it can't be called by another one.
  const declared = functionsOf(tree).filter(
    ({ name, declaration }) => own.has(name) && !/\brecover\b/u.test(declaration),
  );
  if (packageName === "main" || written.errors.length > 0) return null;
  return {
    packageName,
    functions,
    others: written.root.children
      .filter((node) => /Decl$/u.test(node.name) && node.name !== "ImportDecl" && functionOf(written, node) === null)
      .map((node) => sourceText(written, node)),
    names: written.root.children.flatMap((node) => (node.name === "ImportDecl" ? [] : namesIn(written, node))),
    directives: original.match(/^[ \t]*\/\/go:.*$/gmu) ?? [],
    imports: goImports(written).map(({ name, path }) => `${name} ${path}`),
    text: declared.length === 0 ? text : withRecorder(text, { clause, declared, names }),
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

/** Names of types, variables and constants. */
function namesIn(tree: SyntaxTree, node: SyntaxNode): string[] {
  if (!/(?:Decl|Spec|SpecList)$/u.test(node.name) || /^(?:Function|Method)Decl$/u.test(node.name)) return [];
  return node.children.flatMap((child) =>
    child.name === "DefName" ? [sourceText(tree, child)] : namesIn(tree, child),
  );
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
    declaration: sourceText(tree, node),
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
