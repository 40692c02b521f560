/** The names of JavaScript and TypeScript: which are variables of the file, which belong to other files, and which nobody in the repository decides. Pure. */
import { allDeclared, isType } from "../javascript/javascript-syntax.ts";
import { fieldOf, nodesIn, quotedAlike, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { contentOf } from "./names.ts";
import { type CodePart, hasCode, isTextNode, isTitle, type NamedFile, type Names } from "./part.ts";

export function scriptNames(file: NamedFile): Names {
  const { tree, isOurs } = file;
  const bound = new Set(allDeclared(tree.root));
  const declared = new Set([...bound].map(textOf));
  const { foreign, own } = loadedNames(file);
  const hasDecorators = [...nodesIn(tree.root)].some(({ name }) => name === "decorator");
  const isTypeScript = /\.[cm]?tsx?$/u.test(file.path);

  /** What decides about the members of an object. */
  const memberOf = (object: SyntaxNode | undefined): Pick<CodePart, "role" | "isMember" | "isOpen"> => {
    const root = rootOf(object);
    if (root === undefined || /string|number|regex|array|object$|null|true|false/u.test(root.name))
      return { role: "fixed" };
    if (root.name === "call_expression")
      return isOurs(requiredBy(root) ?? "") ? { role: "shared", isMember: root !== object } : { role: "fixed" };
    if (root.name !== "identifier") return { role: "shared", isMember: true };
    const name = textOf(root);
    if (name === "exports" || name === "module") return { role: "shared", isOpen: true };
    if (foreign.has(name) || !declared.has(name)) return { role: "fixed" };
    return { role: "shared", isMember: root !== object || !own.has(name) };
  };

  const variable = (node: SyntaxNode, around: readonly SyntaxNode[]): CodePart => ({
    text: textOf(node),
    role: "variable",
    binds: bound.has(node),
    isOpen: bound.has(node) && isExported(around),
  });

  return {
    isType: (node, around) => {
      if (!isTypeScript || hasDecorators) return false;
      const parent = around.at(-1);
      if (isType(node)) return !/^(?:ambient_declaration|enum_)/u.test(node.name);
      if (/^(?:import|export)_statement$/u.test(node.name)) return node.children[1]?.name === "type";
      if (parent?.name === "optional_parameter") return node.name === "?";
      const at = parent?.children.indexOf(node) ?? 0;
      if (/^(?:as|satisfies)_expression$/u.test(parent?.name ?? "")) return at > 0;
      return parent?.name === "non_null_expression" && at > 0;
    },
    of: (node, around) => {
      const parent = around.at(-1);
      const text = textOf(node);
      if (isTextNode(node)) {
        if (hasCode(node)) return undefined;
        if (isModule(node, around)) return [{ text: contentOf(text), role: "module" }];
        if (file.isTest && isTitle(node, around)) return [{ text: quotedAlike(text), role: "title" }];
        return [{ text: quotedAlike(text), role: "text" }];
      }
      switch (node.name) {
        case "string_fragment":
          return [{ text, role: "text" }];
        case "identifier": {
          if (parent?.name === "import_specifier" || parent?.name === "export_specifier")
            return specifier(node, parent, around);
          if (/^jsx_/u.test(parent?.name ?? "") && /^[a-z]/u.test(text)) return [{ text, role: "fixed" }];
          return [variable(node, around)];
        }
        case "type_identifier":
          return [variable(node, around)];
        case "private_property_identifier":
          return [{ text, role: "variable", binds: /definition$/u.test(parent?.name ?? "") }];
        case "shorthand_property_identifier":
          return pairOf("pair", { text, ...exportedKey(around) }, variable(node, around));
        case "shorthand_property_identifier_pattern":
          return pairOf("pair_pattern", { text, role: loadedRole(around) }, variable(node, around));
        case "property_identifier": {
          if (parent?.name === "member_expression") return [{ text, ...memberOf(fieldOf(parent, "object")) }];
          if (parent?.name === "pair_pattern") return [{ text, role: loadedRole(around.slice(0, -1)) }];
          if (parent?.name === "pair") return [{ text, ...exportedKey(around.slice(0, -1)) }];
          if (parent?.name === "method_definition" && around.at(-2)?.name === "class_body")
            return [{ text, role: "shared", isMember: true, binds: true, isOpen: true }];
          return [{ text, role: "fixed" }];
        }
        case "statement_identifier":
          return [{ text, role: "fixed" }];
        default:
          return undefined;
      }
    },
  };

  function specifier(node: SyntaxNode, parent: SyntaxNode, around: readonly SyntaxNode[]): CodePart[] {
    const statement = around.findLast(({ name }) => /^(?:import|export)_statement$/u.test(name));
    const source = fieldOf(statement, "source");
    const text = textOf(node);
    const loaded: CodePart = { text, role: isOurs(contentOf(textOf(source))) ? "shared" : "fixed" };
    const isAlone = fieldOf(parent, "alias") === undefined;
    const isAlias = node.field === "alias";
    const own: CodePart = { text, role: "variable", binds: true };
    if (parent.name === "import_specifier") return isAlone ? [loaded, { text: "as" }, own] : [isAlias ? own : loaded];
    const given: CodePart = { text, role: "shared", isOpen: true };
    const used: CodePart = source === undefined ? { text, role: "variable" } : loaded;
    return isAlone ? [used, { text: "as" }, given] : [isAlias ? given : used];
  }

  /** The role of a key in a pattern: `a` in `const { a } = require("./b")`. */
  function loadedRole(around: readonly SyntaxNode[]): CodePart["role"] {
    const [declarator, pattern] = [around.at(-2), around.at(-1)];
    if (declarator?.name !== "variable_declarator" || pattern?.name !== "object_pattern") return "fixed";
    const value = fieldOf(declarator, "value");
    const loaded = value?.name === "await_expression" ? value.children[1] : value;
    return loaded !== undefined && isOurs(requiredBy(loaded) ?? "") ? "shared" : "fixed";
  }
}

/** Names that the file gets from packages, and from other files of the repository. */
function loadedNames({ tree, isOurs }: NamedFile): { foreign: Set<string>; own: Set<string> } {
  const found = { foreign: new Set<string>(), own: new Set<string>() };
  for (const node of nodesIn(tree.root)) {
    const source = node.name === "import_statement" ? contentOf(textOf(fieldOf(node, "source"))) : loadedBy(node);
    if (source === undefined) continue;
    for (const name of allDeclared(node)) found[isOurs(source) ? "own" : "foreign"].add(textOf(name));
  }
  return found;
}

const loadedBy = (node: SyntaxNode) =>
  node.name === "variable_declarator" ? requiredBy(rootOf(fieldOf(node, "value")) ?? node) : undefined;

/** The module in `require("…")` or `import("…")`. */
function requiredBy(node: SyntaxNode): string | undefined {
  if (node.name !== "call_expression" || !/^(?:require|import)$/u.test(textOf(fieldOf(node, "function"))))
    return undefined;
  const [, argument] = fieldOf(node, "arguments")?.children ?? [];
  return argument?.name === "string" ? contentOf(textOf(argument)) : undefined;
}

/** The object at the beginning of a chain of members and calls. */
function rootOf(node: SyntaxNode | undefined): SyntaxNode | undefined {
  if (node === undefined || requiredBy(node) !== undefined) return node;
  const inner =
    fieldOf(node, "object") ??
    (node.name === "call_expression" ? fieldOf(node, "function") : undefined) ??
    (node.name === "new_expression" ? fieldOf(node, "constructor") : undefined) ??
    (/^(?:await|parenthesized|non_null|as|satisfies)_expression$/u.test(node.name)
      ? node.children.find(({ name }) => /[a-z]/u.test(name) && name !== "await")
      : undefined);
  return inner === undefined ? node : rootOf(inner);
}

function isModule(node: SyntaxNode, around: readonly SyntaxNode[]): boolean {
  if (node.field === "source") return true;
  const call = around.at(-2);
  return (
    call?.name === "call_expression" &&
    /^(?:require(?:\.resolve)?|import|(?:jest|vi)\.(?:un)?mock)$/u.test(textOf(fieldOf(call, "function"))) &&
    around.at(-1)?.children[1] === node
  );
}

/** The parts of `{ a }`, which means `{ a: a }`. */
const pairOf = (name: string, key: CodePart, value: CodePart): CodePart[] => [
  { text: `${name}(` },
  key,
  { text: ":" },
  value,
  { text: ")" },
];

/** What decides about a key of the nearest object: other files if it is the object in `module.exports = { … }`. */
function exportedKey(around: readonly SyntaxNode[]): Pick<CodePart, "role" | "isOpen"> {
  const [assignment, object] = [around.at(-2), around.at(-1)];
  if (object?.name !== "object" || assignment?.name !== "assignment_expression") return { role: "fixed" };
  const isExports = /^(?:module\.)?exports$/u.test(textOf(fieldOf(assignment, "left")));
  return isExports ? { role: "shared", isOpen: true } : { role: "fixed" };
}

/** Whether a name is declared at the top of the file in an `export` statement. */
const isExported = (around: readonly SyntaxNode[]): boolean =>
  around[1]?.name === "export_statement" &&
  around.slice(2).every(({ name }) => /declaration$|^variable_declarator$|_pattern$|^pair_pattern$/u.test(name));
