/** The rules for what Python depends on besides its inputs. Pure. */

import { constantText, isVariable } from "../shared/surroundings/member-chain.ts";
import {
  environmentVariable,
  type NamePlace,
  outerNodes,
  type SurroundingRules,
  surroundingsIn,
} from "../shared/surroundings/surroundings.ts";
import type { Surrounding } from "../shared/surroundings/use.ts";
import { childOf, fieldOf, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { keptInPython } from "./kept-state.ts";
import { isPlainEquality } from "./plain-equality.ts";
import { boundTargets, parametersOf, pythonImport } from "./python-syntax.ts";

/** All uses, in the order of the text. */
export const pythonSurroundings = (path: string, text: string): Surrounding[] =>
  surroundingsIn(path, text, (tree): SurroundingRules => ({ ...rules, others: keptInPython(tree) }));

/** Modules that ordinary code does not need. */
const pythonModules =
  /^(?:inspect|gc|ctypes|traceback|platform|socket|getpass|builtins|importlib|atexit|signal|dis|ast|code|codeop|site|sysconfig|faulthandler|tracemalloc|subprocess|multiprocessing|pkgutil|runpy|unittest|pytest|_pytest|doctest|mock)$/u;
/** Modules with some members that tell where code runs; importing them under another name asks, because the rules know only these names. */
const pythonMixed = /^(?:os|sys|time|random|uuid|secrets|datetime|email|logging|asyncio|threading)$/u;
const pythonChains: readonly RegExp[] = [
  /^os\.(?:environ|environb|getenv|getcwd|getpid|getppid|uname|getlogin|getuid|_exit|abort|kill|stat|listdir|scandir|walk|access|path\.(?:exists|isfile|isdir|expanduser|expandvars|getmtime))(?:$|[.(])/u,
  /^sys\.(?!exc_info|exit|stdout|stderr|maxsize|version_info|stdin|byteorder|float_info|getsizeof|intern)/u,
  /^(?:inspect|gc|ctypes|traceback|platform|socket|getpass|builtins|importlib|atexit|signal|dis|site|faulthandler|tracemalloc)\./u,
  /\.(?:handlers|hasHandlers)$|^warnings\.(?:filters|catch_warnings)/u,
  /^time\.(?!sleep|strftime|strptime|mktime)/u,
  /^(?:random|secrets)\.|^uuid\.uuid[14]/u,
  /^(?:email\.)?utils\.(?:formatdate|localtime|make_msgid)$|^email\.utils\.\*$|^logging\.(?:LogRecord|makeLogRecord)(?:$|\()/u,
  /(?:^|[._])loop(?:\(\))?\.time$|^threading\.(?:active_count|enumerate|current_thread|main_thread|get_ident|get_native_id)$/u,
  /(?:^|\.)(?:datetime|date)\.(?:now|utcnow|today)$/u,
  /^(?:eval|exec|compile|__import__|globals|locals|vars|breakpoint|__builtins__|__file__|__loader__|__spec__|__debug__|ImportError|ModuleNotFoundError|RecursionError)(?:$|[.(])/u,
  /\.(?:__subclasses__|__code__|__globals__|__closure__|__builtins__|__class__|__bases__|__mro__|__defaults__|f_back|f_locals|f_globals|f_code|tb_frame|gi_frame|co_filename)(?:$|[.(])/u,
];

const rules = {
  chains: pythonChains,
  plain: [
    new RegExp(String.raw`^os\.environ\.(?!${environmentVariable}$)[A-Za-z_]\w*$`, "u"),
    /^os\.path\.(?:join|dirname|basename|splitext)$/u,
    /\.__class__\.__(?:name|qualname)__$/u,
  ],
  clocks: /^time\.(?:monotonic|perf_counter|time)(?:_ns)?$|(?:^|[._])loop(?:\(\))?\.time$/u,
  definitions: /^__(?:eq|ne|bool|instancecheck|subclasscheck|getattribute|del)__$/u,
  shared:
    /^(?:builtins|__builtins__|sys|os|json|math|re|datetime|decimal|unittest|pytest|operator|functools|collections|int|str|float|list|dict|object|type)\./u,
  imports: importUse,
  typeNames: {
    plainChain: (text: string) => text.replace(/^getattr\((.*),["'](__\w+__)["'](?:,.*)?\)$/su, "$1.$2"),
    parametersOf,
    builtIns:
      /^(?:int|float|complex|bool|str|bytes|bytearray|list|tuple|dict|set|frozenset|range|slice|object|type|function|method|module|generator|coroutine|NoneType)$/u,
  },
  readName: (node: SyntaxNode, place: NamePlace) => {
    const isUse = isVariable(node) && place.parent?.name !== "function_definition";
    return {
      mayDefine: !isUse || givenBy(node, place) !== undefined,
      isUsed: isUse && !isPlainImportedName(node, outerNodes(place)),
    };
  },
  callUse: uncomparedField,
  targetsOf: boundTargets,
  isPlainDefinition: isPlainEquality,
  definitionOf: (name: SyntaxNode, place: NamePlace) => {
    const [giver, outer] = [givenBy(name, place), place.around.at(-1)];
    return giver === place.parent && outer?.name === "decorated_definition" ? outer : giver;
  },
  /** Reads `os.getenv("X")` like `os.environ["X"]`. */
  knownChain: (chain: string, { parent }: NamePlace) => {
    if (chain !== "os.getenv" && chain !== "os.environ.get") return chain;
    const name = constantText(partsOf(childOf(parent ?? undefined, "argument_list"))[0]);
    return name === null ? chain : `os.environ.${name}`;
  },
  globalChain: (chain: string) => chain,
  chainUse: (chain: string) => chain,
  /** A method may create another object of its class with `self.__class__(…)`. */
  isPlainThere: (chain: string, node: SyntaxNode, { parent }: NamePlace) =>
    chain === "self.__class__" && parent?.name === "call" && parent.children[0] === node,
};

/** The dependence of an import; `import "x"` stands for a call of `__import__`. */
function importUse(statement: string): string | null {
  const called = /^import "([\w.]+)"$/u.exec(statement)?.[1];
  if (called !== undefined) return `import of ${called}`;
  const [, module = "", list] = /^(?:from|import)\s+([\w.]+)(?:\s+import\s+([\s\S]+))?/u.exec(statement) ?? [];
  const top = module.split(".")[0] ?? "";
  if (pythonModules.test(top)) return `import of ${top}`;
  if (!pythonMixed.test(top)) return null;
  if (list === undefined) return /\sas\s/u.test(statement) ? `import of ${top} under another name` : null;
  const names = list
    .replace(/[()]/gu, "")
    .split(",")
    .map((name) => name.trim().split(/\s/u)[0] ?? "");
  const found = names.find((name) => name === "*" || pythonChains.some((chain) => chain.test(`${module}.${name}`)));
  return found === undefined ? null : `import of ${module}.${found}`;
}

/** Nodes that give a name a value: `def __eq__`, `__eq__ = coarse`, `import coarse as __eq__`. */
const giving =
  /^(?:function_definition|assignment|(?:import|import_from)_statement|for_statement|with_statement|named_expression)$/u;

/** The node that gives a name or a member its value; undefined for any other use. */
function givenBy(node: SyntaxNode, place: NamePlace): SyntaxNode | undefined {
  const outer = outerNodes(place);
  const giver = outer.findLast(({ name }) => giving.test(name));
  if (giver === undefined) return undefined;
  if (giver.name === "function_definition") return node.field === "name" && outer.at(-1) === giver ? giver : undefined;
  if (pythonImport.test(giver.name)) return giver;
  const target = isVariable(node) ? node : place.parent;
  const inside = outer.slice(outer.indexOf(giver));
  return inside.some((one) => boundTargets(one).some((bound) => bound === target)) ? giver : undefined;
}

/** Whether a name is only imported, as in `from .globals import vars`. `around`: the nodes that contain it, the nearest last. */
function isPlainImportedName(node: SyntaxNode, around: readonly SyntaxNode[]): boolean {
  const [outer, parent] = around.slice(-2);
  const isFunction = /^(?:globals|locals|vars|compile|eval|exec|breakpoint)$/u.test(textOf(node));
  const isImported = parent?.name === "dotted_name" && /^(?:import|relative_import|future)/u.test(outer?.name ?? "");
  return isFunction && (isImported || node.field === "alias");
}

const makers = /(?:^|\.)(?:[Ff]ield|ib|attrib|s|attrs|define|frozen|mutable|dataclass|make_dataclass)$/u;

/**
 * The option that leaves a data class's field out of comparisons, so that values are equal although the field differs: `compare=False` for `field(…)`, or
 * `eq=False` for `attr.ib(…)` or `@dataclass(…)`; null if there is none.
 */
function uncomparedField(call: SyntaxNode): string | null {
  const callee = fieldOf(call, "function");
  if (callee === undefined || !makers.test(textOf(callee))) return null;
  for (const given of partsOf(fieldOf(call, "arguments"))) {
    const [name = "", value = ""] = [fieldOf(given, "name"), fieldOf(given, "value")].map((part) =>
      textOf(part).replace(/\s+/gu, " ").slice(0, 40),
    );
    if (/^(?:compare|eq|cmp)$/u.test(name) && value !== "True") return `${name}=${value}`;
  }
  return null;
}
