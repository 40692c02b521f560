/** Reads what one file of a Go package and the files beside it declare: fields of a type and methods that compare. Pure. */

import { childOf, fieldOf, partsIn, partsOf, textOf } from "../tree/print-syntax.ts";
import { type SyntaxNode, type SyntaxTree, UnreadableText } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";
import { comparisonKind, type GoComparisonKind } from "./go.ts";

import { goSpecs } from "./go-syntax.ts";

/** A method that compares its receiver with one other value. */
export interface GoComparison {
  readonly tree: SyntaxTree;
  readonly method: SyntaxNode;
  readonly name: string;
  readonly kind: GoComparisonKind;
  /** The receiver's type without pointer and type arguments; null if it is not simply a name. */
  readonly owner: string | null;
  /** What the receiver and the other value are called; null if they have no name. */
  readonly receiver: string | null;
  readonly other: string | null;
  /** Whether the other value has the receiver's type, or may have any. */
  readonly takes: "own" | "any" | "else";
}

export interface GoPackage {
  /** The comparisons that the file itself declares. */
  readonly comparisons: readonly GoComparison[];
  readonly comparisonOf: (type: string, method: string) => GoComparison | null;
  /** The fields of a struct; null unless the package declares it exactly once. */
  readonly fieldsOf: (type: string) => ReadonlySet<string> | null;
  /** The package redefines a predeclared constant: `const false = true`. */
  readonly hasOtherConstants: boolean;
}

/** `beside`: texts of the package's other files. */
export function goPackageOf(tree: SyntaxTree, beside: readonly string[]): GoPackage {
  const clause = (text: string) => /^[ \t]*package[ \t]+(\w+)/mu.exec(text)?.[1];
  const texts = beside.filter((text) => clause(text) === clause(tree.text));
  const all = [tree.text, ...texts];
  const comparisons = comparisonsIn(tree, all);
  const known = new Map<string, GoFile | null>();
  const filesWith = (name: string): (GoFile | null)[] =>
    texts
      .filter((text) => text.includes(name))
      .map((text) => {
        const read = known.has(text) ? (known.get(text) ?? null) : readGoFile(text, all);
        known.set(text, read);
        return read;
      });
  return {
    comparisons,
    comparisonOf: (type, method) =>
      [comparisons, ...filesWith(method).map((file) => file?.comparisons ?? [])]
        .flat()
        .find(({ owner, name }) => owner === type && name === method) ?? null,
    fieldsOf: (type) => {
      const own = structsIn(tree, type);
      const elsewhere = () => filesWith(type).flatMap((file) => (file === null ? [null] : structsIn(file.tree, type)));
      const [fields = null, ...more] = own.length > 0 ? own : elsewhere();
      return more.length > 0 ? null : fields;
    },
    hasOtherConstants: all.some(hasOtherConstant),
  };
}

/** A constant or variable with the name of a predeclared constant, with a value or alone in a list. */
const otherConstant =
  /(?:^|[;(])(?![ \t]*return\b)[ \t]*(?:(?:const|var)[ \t(]+)?(?:[\w \t,]*,)?[ \t]*(?:true|false|nil)[ \t]*(?:(?:,[\w \t,]*|[\w.*[\]]+[ \t]*)?=(?!=)|,[\w \t,]*$|$)|\bconst\s*\([^()]*[\n;,(]\s*(?:true|false|nil)\s*\)/mu;

/** Searches the text with and without comments, because a string may contain what looks like a comment. */
function hasOtherConstant(text: string): boolean {
  const withoutBlocks = text.replaceAll(/\/\*.*?\*\//gsu, " ");
  return [text, withoutBlocks, withoutBlocks.replaceAll(/\/\/.*/gu, "")].some((one) => otherConstant.test(one));
}

interface GoFile {
  readonly tree: SyntaxTree;
  readonly comparisons: readonly GoComparison[];
}

function readGoFile(text: string, all: readonly string[]): GoFile | null {
  try {
    const tree = readSyntax(text, "beside.go");
    return { tree, comparisons: comparisonsIn(tree, all) };
  } catch (error) {
    if (error instanceof UnreadableText) return null;
    throw error;
  }
}

/** The fields of each top-level type with that name; null if the type is not a struct. */
function structsIn(tree: SyntaxTree, type: string): (ReadonlySet<string> | null)[] {
  return tree.root.children
    .filter(({ name }) => name === "type_declaration")
    .flatMap(goSpecs)
    .filter((spec) => textOf(fieldOf(spec, "name") ?? spec) === type)
    .map((spec) => (tree.errors.length > 0 ? null : fieldsIn(spec)));
}

function fieldsIn(spec: SyntaxNode): ReadonlySet<string> | null {
  const body = childOf(childOf(spec, "struct_type"), "field_declaration_list");
  if (body === undefined) return null;
  const names = partsOf(body).flatMap((field): (string | null)[] => {
    if (field.name !== "field_declaration") return [null];
    const written = partsIn(field, "name").map(textOf);
    return written.length > 0 ? written : [embeddedName(fieldOf(field, "type"))];
  });
  const fields = names.filter((name) => name !== null && name !== "_");
  return names.includes(null) ? null : new Set(fields.filter((name) => name !== null));
}

/** The field's name for an embedded type: `B` for `a.B[T]`. */
function embeddedName(type: SyntaxNode | undefined): string | null {
  if (type?.name === "generic_type") return embeddedName(fieldOf(type, "type"));
  if (type?.name === "qualified_type") return embeddedName(fieldOf(type, "name"));
  return type?.name === "type_identifier" ? textOf(type) : null;
}

/** Methods with the name and signature of a comparison. `all`: texts of the package's files. */
function comparisonsIn(tree: SyntaxTree, all: readonly string[]): GoComparison[] {
  return tree.root.children.flatMap((method) => {
    const read = method.name === "method_declaration" ? readComparison(method, all) : null;
    return read === null ? [] : [read];
  });
}

function readComparison(method: SyntaxNode, all: readonly string[]): GoComparison | null {
  const name = textOf(fieldOf(method, "name") ?? method);
  const kind = comparisonKind(name);
  const [one, ...more] = partsOf(fieldOf(method, "parameters"));
  if (kind === undefined || one === undefined || more.length > 0) return null;
  const [self, value] = [
    variableIn(partsOf(fieldOf(method, "receiver"))[0], method.tree),
    variableIn(one, method.tree),
  ];
  if (self === null || value === null) return null;
  const owner = /^\*?([\p{L}_][\p{L}\p{Nd}_]*)(?:\[.*\])?$/u.exec(self.type)?.[1] ?? null;
  const isOwn = owner === null || value.type.replace(/^\*/u, "") === self.type.replace(/^\*/u, "");
  const takes = isOwn ? "own" : /^(?:any|interface\{\}|error)$/u.test(value.type) ? "any" : "else";
  const [result, expected] = [resultOf(method), kind === "sign" ? "int" : "bool"];
  if (result !== expected && !all.some((text) => isAliasOf(result, expected, text))) return null;
  if (name === "Is" ? value.type !== "error" : kind === "order" && takes === "else") return null;
  return { tree: method.tree, method, name, kind, owner, receiver: self.name, other: value.name, takes };
}

/** The one variable of a parameter; null if there are several. */
function variableIn(parameter: SyntaxNode | undefined, tree: SyntaxTree): { name: string | null; type: string } | null {
  const names = partsIn(parameter, "name");
  if (parameter === undefined || names.length > 1) return null;
  const [name] = names;
  const type = tree.text.slice(name?.to ?? parameter.from, parameter.to).replaceAll(/\/\*.*?\*\/|[\s()]/gsu, "");
  return { name: name === undefined ? null : textOf(name), type };
}

/** The type of the only or first result. */
function resultOf(method: SyntaxNode): string {
  const result = fieldOf(method, "result");
  const first = result?.name === "parameter_list" ? partsOf(result)[0] : result;
  return first === undefined ? "" : textOf(fieldOf(first, "type") ?? first);
}

/** Whether the text declares the name as an alias of the type: `type answer = bool`. */
function isAliasOf(name: string, type: string, text: string): boolean {
  return /^\w+$/u.test(name) && new RegExp(String.raw`\b${name}\s*=\s*${type}\b`, "u").test(text);
}
