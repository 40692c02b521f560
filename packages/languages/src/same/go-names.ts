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

  const memberOf = (operand: SyntaxNode | undefined): Pick<CodePart, "role" | "isMember"> => {
    const root = rootOf(operand);
    const path = /^(?:package_)?identifier$/u.test(root?.name ?? "") ? packages.get(textOf(root)) : undefined;
    if (path === undefined) return { role: "shared", isMember: true };
    return file.isOurs(path) ? { role: "shared", isMember: root !== operand } : { role: "fixed" };
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
          if (parent?.name === "selector_expression") return [{ text, ...memberOf(fieldOf(parent, "operand")) }];
          const isMethod = parent?.name === "method_declaration" || parent?.name === "method_elem";
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
