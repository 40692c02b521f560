/** The names of Python: which are variables of the file, which belong to other files, and which nobody in the repository decides. Pure. */
import { boundTargets, importOf, parametersOf, pythonImport } from "../python/python-syntax.ts";
import { fieldOf, isComment, nodesIn, partsOf, quotedAlike, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { contentOf } from "./names.ts";
import { type CodePart, hasCode, isTestName, isTextNode, type NamedFile, type Names, rootNameOf } from "./part.ts";
import { pythonTypes, typelessDecorators } from "./python-types.ts";

const scope = /^(?:function_definition|class_definition|lambda)$/u;

export function pythonNames(file: NamedFile): Names {
  const { tree, isOurs } = file;
  const bound = new Set<SyntaxNode>();
  const parameters = new Set<SyntaxNode>();
  const own = new Set<string>();
  const foreign = new Set<string>();
  for (const node of nodesIn(tree.root)) {
    for (const target of boundTargets(node)) if (target.name === "identifier") bound.add(target);
    if (/^(?:function_definition|lambda)$/u.test(node.name))
      for (const one of parametersOf(node)) {
        bound.add(one);
        parameters.add(one);
      }
    if (!pythonImport.test(node.name)) continue;
    const { module, names } = importOf(node);
    for (const { name, own: alias } of names) {
      if (isOurs(module ?? name)) own.add(alias ?? name);
      else foreign.add(alias ?? name.split(".")[0] ?? name);
    }
  }
  const isTypeless = typelessDecorators(tree);

  /** What decides about the members of an object: nobody in the repository, unless it is a module. */
  const memberOf = (object: SyntaxNode | undefined): Pick<CodePart, "role" | "isMember"> => {
    const name = textOf(object);
    if (own.has(name) && !/^_*\p{Lu}/u.test(name)) return { role: "shared" };
    return { role: "fixed", isMember: !foreign.has(rootNameOf(object) ?? "") };
  };

  return {
    isType: pythonTypes(tree),
    of: (node, around) => {
      const parent = around.at(-1);
      const text = textOf(node);
      if (node.name === "string" && isPublicList(around))
        return [{ text: contentOf(text), role: "shared", isOpen: true }];
      if (isTextNode(node))
        return hasCode(node) ? undefined : [{ text: quotedAlike(text), role: isDoc(around) ? "doc" : "text" }];
      if (/^string_(?:start|content|end)$/u.test(node.name)) return [{ text, role: "text" }];
      const statement = around.findLast(({ name }) => pythonImport.test(name));
      if (statement !== undefined) return imported(node, around, statement);
      if (node.name !== "identifier") return undefined;
      if (parent?.name === "interpolation" && parent.children.some(({ name }) => name === "="))
        return [{ text, role: "fixed" }];
      if (parent?.name === "attribute" && node.field === "attribute")
        return [{ text, ...memberOf(fieldOf(parent, "object")) }];
      if (parent?.name === "keyword_argument" && node.field === "name") return [{ text, role: "fixed" }];
      if (parent?.name === "keyword_pattern" && parent.children[0] === node) return [{ text, role: "fixed" }];
      if (parent?.name === "dotted_name" && parent.children[0] !== node) return [{ text, role: "fixed" }];
      const isDefinition = /^(?:function|class)_definition$/u.test(parent?.name ?? "") && node.field === "name";
      const within = around.slice(0, isDefinition ? -1 : undefined).findLast(({ name }) => scope.test(name));
      // The runner finds tests by their names, whatever their class and decorators are.
      const isTest = file.isTest && isTestName(text);
      if (within?.name === "class_definition" && (isDefinition || bound.has(node)))
        return [{ text, role: isDefinition && isTest ? "shared" : "fixed", isMember: true, isOpen: isTest }];
      const isLoaded = isDefinition && !isTest && isReadElsewhere(around);
      const binds = (isDefinition && !isLoaded) || bound.has(node);
      const isParameter = parameters.has(node);
      const isOpen = (isDefinition || binds) && within === undefined;
      return [{ text, role: "variable", binds, isOpen, isLoaded, isParameter }];
    },
  };

  /** Whether a decorator or a base class may read a definition's name. */
  function isReadElsewhere(around: readonly SyntaxNode[]): boolean {
    const [outer, definition] = [around.at(-2), around.at(-1)];
    const decorators = outer?.name === "decorated_definition" ? partsOf(outer) : [];
    const isDecorated = decorators.some((one) => one.name === "decorator" && !isTypeless(one));
    return isDecorated || partsOf(fieldOf(definition, "superclasses")).length > 0;
  }

  function imported(node: SyntaxNode, around: readonly SyntaxNode[], statement: SyntaxNode): CodePart[] | undefined {
    const parent = around.at(-1);
    const text = textOf(node).replaceAll(/\s/gu, "");
    const ofModule = fieldOf(statement, "module_name");
    if (node.field === "alias") return [{ text, role: "variable", binds: true, isOpen: true }];
    if (node === ofModule) return [{ text, role: "module" }];
    if (node.name !== "dotted_name") return undefined;
    if (ofModule === undefined) {
      const first = text.split(".")[0] ?? text;
      const own: CodePart[] =
        parent?.name === "aliased_import" ? [] : [{ text: "as" }, { text: first, role: "variable", binds: true }];
      return [{ text, role: "module" }, ...own];
    }
    const loaded: CodePart = { text, role: isOurs(textOf(ofModule)) ? "shared" : "fixed" };
    return parent?.name === "aliased_import"
      ? [loaded]
      : [loaded, { text: "as" }, { text, role: "variable", binds: true, isOpen: true, isLoaded: true }];
  }
}

/** Whether a text is the first statement of a module, class or function. */
function isDoc(around: readonly SyntaxNode[]): boolean {
  const [block, statement] = [around.at(-2), around.at(-1)];
  const first = block?.children.find((child) => !isComment(child));
  return (
    statement?.name === "expression_statement" && first === statement && /^(?:block|module)$/u.test(block?.name ?? "")
  );
}

/** Whether a text is an entry of the list `__all__`. */
const isPublicList = (around: readonly SyntaxNode[]): boolean =>
  around.length <= 4 &&
  around.some((node) => node.name === "assignment" && textOf(fieldOf(node, "left")) === "__all__");
