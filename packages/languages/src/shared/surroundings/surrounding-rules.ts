/**
 * What counts as a code's surroundings, by language, as data. Sources: the documentation of Node's globals and modules, of Python's standard library and
 * data model, and of the Go and Rust standard libraries.
 */

import { goPlatformPattern } from "../../go/go-platforms.ts";

export interface SurroundingRules {
  /** Names with their members, such as `process.argv`. */
  readonly chains: readonly RegExp[];
  /** Exceptions that say nothing about where code runs. */
  readonly plain: readonly RegExp[];
  /** Chains that count only where they are constructed: each instance knows when that was. */
  readonly constructed?: RegExp;
  /** Those that may measure how long a call takes. */
  readonly clocks: RegExp;
  /** Methods that decide how values compare. */
  readonly definitions: RegExp;
  /** Strings that name places of the machine. */
  readonly strings: RegExp;
  /** Objects that all code shares: what assigns to their members changes the language. */
  readonly shared: RegExp;
  /** What an import statement depends on; null if nothing. */
  readonly imports: (statement: string) => string | null;
}

const machinePath =
  /^(?:\/(?:proc|sys|etc|dev|home|root|tmp|usr|opt|var|run|mnt|workspace|report)(?:\/|$)|\/\.dockerenv)[\w./-]*/u;

/**
 * Environment variables that say where code runs. Reading another one by its name is configuration: it is unset in checks as it is elsewhere, unless
 * somebody sets it.
 */
const environmentVariable = String.raw`(?:CI|HOME|USER|LOGNAME|PATH|PWD|OLDPWD|SHELL|SHLVL|TERM|TZ|LANG|LANGUAGE|HOSTNAME|HOST|TMPDIR|TEMP|TMP|COLUMNS|LINES|EDITOR|DISPLAY|INIT_CWD|container|_|(?:LC|NODE|NPM|npm|PYTHON|PYTEST|PY|JEST|VITEST|VITE|MOCHA|TAP|AVA|NYC|TEST|GITHUB|GITLAB|TRAVIS|CIRCLE|JENKINS|BUILD|RUNNER|SSH|XDG|DOCKER|KUBERNETES|CARGO|RUST|GO|JAVA|CLAUDE|ANTHROPIC|AEDEV|FORCE|NO)_?\w*|\w*(?:TEST|SANDBOX|CI_)\w*)`;

const nodeModules =
  /^(?:node:)?(?:os|process|child_process|worker_threads|cluster|async_hooks|inspector|v8|vm|module|perf_hooks|diagnostics_channel|trace_events|repl|tty|dns|wasi|test|fs|fs\/promises)(?:\/\w+)?$/u;
const builtIn =
  "(?:Object|Function|Array|String|Number|Boolean|BigInt|Symbol|Promise|Reflect|Proxy|JSON|Math|Map|Set|WeakMap|WeakSet|RegExp|Error|TypeError|Date|Intl|console|Buffer)";

export const javascriptRules: SurroundingRules = {
  chains: [
    /^(?:process|global|globalThis|window|navigator|performance|WeakRef|FinalizationRegistry|__filename|eval|Function|Proxy|AsyncLocalStorage)(?:$|[.(])/u,
    /^(?:Date|Date\.now|Temporal\.Now.*|Math\.random|crypto\.(?:randomUUID|randomBytes|getRandomValues|randomInt))$/u,
    /^(?:require\.(?:main|cache|extensions)|module\.(?:parent|children|paths|constructor|filename)|import\.meta(?:$|\.(?!url$|dirname$|filename$|resolve$)))/u,
    /\.(?:stack|callee|caller|prepareStackTrace|captureStackTrace|stackTraceLimit|__proto__|__defineGetter__|__defineSetter__|__lookupGetter__)$/u,
    /\.(?:getTimezoneOffset|resolvedOptions|timeStamp|lastModified)$|^(?:File|(?:Custom|Message)?Event)$/u,
    // What the local time zone decides.
    /\.(?:[gs]et(?:FullYear|Month|Date|Day|Hours|Minutes)|to(?:Date|Time|LocaleDate|LocaleTime)String)$/u,
    /^require\.resolve(?:$|[.(])|^__dirname(?:$|\.)/u,
    /\.constructor\.(?:constructor|prototype|\[…\])/u,
    new RegExp(String.raw`^${builtIn}\.(?:prototype\.|\[…\]$)`, "u"),
    /^(?:Object\.(?:defineProperty|defineProperties|setPrototypeOf|getOwnPropertyNames|getOwnPropertyDescriptors?)|Reflect\.\w+|Symbol\.(?:toPrimitive|hasInstance|species|isConcatSpreadable|unscopables|for))(?:$|\()/u,
  ],
  plain: [
    new RegExp(String.raw`^process\.env\.(?!${environmentVariable}$)[A-Za-z_]\w*$`, "u"),
    /^import\.meta\.env\.(?!(?:MODE|DEV|PROD|SSR|BASE_URL)$|\w*(?:TEST|CI_))[A-Z]\w*$/u,
    /^import\.meta\.(?:url|dirname|filename|resolve)$/u,
    /^process\.(?:nextTick|stdout\.write|stderr\.write)(?:$|\()/u,
    /^[A-Za-z]+\.prototype\.(?:hasOwnProperty|slice|toString|propertyIsEnumerable)(?:\.(?:call|apply))?(?:$|\()/u,
  ],
  constructed: /^(?:File|(?:Custom|Message)?Event)$/u,
  clocks: /^(?:performance\.now|Date\.now|process\.hrtime\.bigint)$/u,
  definitions: /^(?:valueOf|asymmetricMatch|nodejs\.util\.inspect\.custom|\$\$typeof|prepareStackTrace)$/u,
  strings: machinePath,
  shared: new RegExp(String.raw`^(?:(?:globalThis|global|window)\.|${builtIn}\.)`, "u"),
  imports: (statement) => {
    const module = /["']([^"']+)["']\s*;?\s*(?:with\s*\{[^}]*\}\s*;?)?$/u.exec(statement)?.[1];
    return module !== undefined && nodeModules.test(module) ? `import of ${module}` : null;
  },
};

/** Modules that ordinary code has no use for. */
const pythonModules =
  /^(?:inspect|gc|ctypes|traceback|platform|socket|getpass|builtins|importlib|atexit|signal|dis|ast|code|codeop|site|sysconfig|faulthandler|tracemalloc|subprocess|multiprocessing|pkgutil|runpy|unittest|pytest|_pytest|doctest|mock)$/u;
/** Modules of which some members say where code runs; under another name those would not be recognized. */
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

export const pythonRules: SurroundingRules = {
  chains: pythonChains,
  plain: [
    new RegExp(String.raw`^os\.environ\.(?!${environmentVariable}$)[A-Za-z_]\w*$`, "u"),
    /^os\.path\.(?:join|dirname|basename|splitext)$/u,
    /\.__class__\.__(?:name|qualname)__$/u,
  ],
  clocks: /^time\.(?:monotonic|perf_counter|time)(?:_ns)?$|(?:^|[._])loop(?:\(\))?\.time$/u,
  definitions: /^__(?:eq|ne|bool|instancecheck|subclasscheck|getattribute|del)__$/u,
  strings: machinePath,
  shared:
    /^(?:builtins|__builtins__|sys|os|json|math|re|datetime|decimal|unittest|pytest|operator|functools|collections|int|str|float|list|dict|object|type)\./u,
  imports: pythonImport,
};

/** Also `import "x"`, the form in which a call of `__import__` is asked about. */
function pythonImport(statement: string): string | null {
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

/** Go by import path and member, so that another name for a package hides nothing. */
export const goRules = {
  imports:
    /^(?:unsafe|reflect|syscall|testing(?:\/.*)?|plugin|os\/exec|os\/user|os\/signal|runtime\/\w+|C|expvar|golang\.org\/x\/sys\/.*)$/u,
  members: new RegExp(
    [
      String.raw`^os\.(?:Environ|ExpandEnv|Getenv|LookupEnv|Args|Hostname|Getwd|Getpid|Getppid|Getuid|Geteuid|Getgid|Executable|User\w+Dir|TempDir|Stat|Lstat|Readlink|Exit|ReadFile|ReadDir|Open|OpenFile|DirFS|FindProcess)$`,
      String.raw`^runtime\.|^time\.(?:Now|Since|Until|AfterFunc)$|^flag\.(?:Lookup|CommandLine|Visit|VisitAll|Parsed|NFlag|Set)$`,
      String.raw`^(?:testing|reflect|unsafe|syscall|debug|rand|math/rand(?:/v2)?|crypto/rand|hash/maphash|os/user|os/exec|os/signal)\.`,
      String.raw`^net\.(?:Interface\w*|Lookup\w+)$|^path/filepath\.(?:Glob|Walk|WalkDir|EvalSymlinks|Abs)$|^io/ioutil\.Read\w+$`,
    ].join("|"),
    "u",
  ),
  /** What reflection says of a kind or makes of a type; a type's name and a function's address can tell where a value comes from. */
  plain:
    /^runtime\.(?:GOMAXPROCS|NumCPU|Gosched|KeepAlive)$|^reflect\.(?:DeepEqual|Zero|New|Make(?:Slice|Map\w*|Chan)|Append\w*|Copy|Type|Kind|Value|Struct(?:Field|Tag)|Invalid|Bool|Int\d*|Uint\w*|Float\d+|Complex\d+|String|Slice|Array|Map|Chan|Func|Ptr|Pointer|Interface|Struct|UnsafePointer)$/u,
  variables: new RegExp(`^${environmentVariable}$`, "u"),
  /** Systems, processors, versions and compilers; anything else is a tag that somebody sets. */
  constraints: new RegExp(String.raw`^(?:${goPlatformPattern}|unix|cgo|gc|gccgo|ignore|go\d[\w.]*)$`, "u"),
};

/** Rust, in text without comments. A space stands for any space. */
export const rustPatterns = new RegExp(
  [
    String.raw`\b(?:std|core|alloc) ?:: ?(?:env|process|panic|backtrace|time|any|thread|net|os|ptr|mem|fs|intrinsics)\b`,
    String.raw`\b(?:std|core|alloc) ?:: ?\{[^;]*?\b(?:env|process|panic|backtrace|time|any|thread|net|os|ptr|mem|fs|intrinsics)\b`,
    String.raw`\b(?:std|core|alloc) as \w+|\bextern crate\b|\b(?:SystemTime|Instant) ?:: ?now\b`,
    String.raw`\bcfg ?!? ?\(|\b(?:option_)?env ?! ?\(|\bunsafe\b|\btype_name\b|\bset_hook\b`,
    String.raw`#!?\[ ?(?:no_mangle|link_section|ctor|export_name|cfg|cfg_attr|path|derivative|educe|derive_where)\b`,
    String.raw`\b(?:PartialEq|PartialOrd|Eq|Ord|Drop) as \w+|\bimpl\b[^{;]*\$\w+ (?:<[^{;]*> ?)?for\b|\buse\b[^;]*?\bas (?:(?:debug_)?assert\w*|panic|matches|vec|format)\b|\bmacro_rules ?! ?\$`,
    String.raw`\b(?:std|core) ?:: ?(?:\{[^;]*?)?\bcfg\w*\b`,
    String.raw`\binclude(?:_str|_bytes)? ?!|\bmacro_rules ?! ?(?:(?:debug_)?assert\w*|panic|unreachable|todo|unimplemented|matches|vec|format|e?print(?:ln)?|write(?:ln)?|dbg|cfg)\b|\b(?:file|line|column|module_path) ?! ?\(|\bthread_local ?!|\bstatic mut\b|\bstatic \w+ ?: ?[^=;]*(?:Atomic\w+|Cell\b|Mutex|RwLock)`,
  ]
    .join("|")
    .replaceAll(" ?", String.raw`\s*`)
    .replaceAll(" ", String.raw`\s+`),
  "gu",
);
