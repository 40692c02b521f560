/** The names of Go: which belong to the package, which are members, and which nobody in the repository decides. Pure. */
import { goPackages } from "../go/go-syntax.ts";
import { fieldOf, quotedAlike, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { contentOf } from "./names.ts";
import { type CodePart, isTextNode, isTitle, type NamedFile, type Names } from "./part.ts";

const declares =
  /^(?:parameter_declaration|variadic_parameter_declaration|type_parameter_declaration|var_spec|const_spec|function_declaration|type_spec|type_alias)$/u;
const assigns = /^(?:short_var_declaration|range_clause|receive_statement)$/u;
const topLevel =
  /^(?:source_file|(?:var|const|type|function|method)_declaration|(?:var|const)_spec(?:_list)?|type_spec|type_alias)$/u;

export function goNames(file: NamedFile): Names {
  const packages = goPackages(file.tree);

  const memberOf = (operand: SyntaxNode | undefined, name = ""): Pick<CodePart, "role" | "isMember"> => {
    // Only the package itself can have a member with a small first letter.
    if (/^[\p{Ll}_]/u.test(name)) return { role: "shared", isMember: true };
    const root = rootOf(operand);
    const path = /^(?:package_)?identifier$/u.test(root?.name ?? "") ? packages.get(textOf(root)) : undefined;
    if (path === undefined || root !== operand) return { role: "fixed", isMember: path === undefined };
    return { role: file.isOurs(path) ? "shared" : "fixed" };
  };

  return {
    isType: () => false,
    of: (node, around) => {
      const parent = around.at(-1);
      const text = textOf(node);
      if (isTextNode(node)) {
        if (parent?.name === "import_spec") return [{ text: contentOf(text), role: "module" }];
        if (file.isTest && isTitle(node, around)) return [{ text: quotedAlike(text), role: "title" }];
        return [{ text: quotedAlike(text), role: "text" }];
      }
      switch (node.name) {
        case "identifier":
        case "type_identifier": {
          if (parent?.name === "keyed_element" && node.field === "key") return [{ text, role: "fixed" }];
          if (parent?.name === "field_declaration" && fieldOf(parent, "name") === undefined)
            return [{ text, role: "fixed" }];
          if (parent?.name === "qualified_type") return [{ text, ...memberOf(fieldOf(parent, "package")) }];
          const binds =
            (declares.test(parent?.name ?? "") && node.field === "name") ||
            (assigns.test(parent?.name ?? "") && node.field === "left");
          return [{ text, role: "variable", binds, isOpen: binds && around.every(({ name }) => topLevel.test(name)) }];
        }
        case "field_identifier": {
          if (parent?.name === "selector_expression") return [{ text, ...memberOf(fieldOf(parent, "operand"), text) }];
          // Other packages may look for a method with a capital letter, as `http.Hijacker` does.
          const isMethod = /^method_(?:declaration|elem)$/u.test(parent?.name ?? "") && /^[\p{Ll}_]/u.test(text);
          return [{ text, role: isMethod ? "shared" : "fixed", isMember: true, binds: true, isOpen: isMethod }];
        }
        case "package_identifier":
          return parent?.name === "import_spec"
            ? [{ text, role: "variable", binds: true }]
            : [{ text, role: parent?.name === "qualified_type" ? "variable" : "fixed" }];
        case "label_name":
          return [{ text, role: "fixed" }];
        default:
          return undefined;
      }
    },
  };
}

function rootOf(node: SyntaxNode | undefined): SyntaxNode | undefined {
  const inner =
    node?.name === "call_expression"
      ? fieldOf(node, "function")
      : node === undefined
        ? undefined
        : fieldOf(node, "operand");
  return inner === undefined ? node : rootOf(inner);
}
