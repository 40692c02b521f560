/**
 * A simple table of how comments and string literals start and end, by file name. A file without a row has no language.
 *
 * Folder: splitting a source line into code, comments and string literals.
 */

export interface Quote {
  readonly open: string;
  readonly close: string;
  /** True: it continues across the end of a line. */
  readonly multiline: boolean;
  /** The escape character; null: none. */
  readonly escape: string | null;
  /** True: the inside of `${…}` is code again. */
  readonly holes: boolean;
  /** It opens only directly after this character; null: anywhere. */
  readonly after: string | null;
}
export interface SourceLanguage {
  /** Openers that make the rest of a line a comment. */
  readonly line: readonly string[];
  /** A line comment opens only at the start of a line or after white space. */
  readonly lineAfterSpace: boolean;
  readonly block: readonly { readonly open: string; readonly close: string }[];
  /** Longer openers first. */
  readonly quotes: readonly Quote[];
  /** True: `/…/` may be a regular expression, in which quotes open nothing. */
  readonly regex: boolean;
}

const quote = (open: string, change: Partial<Quote> = {}): Quote => ({
  open,
  close: open,
  multiline: false,
  escape: "\\",
  holes: false,
  after: null,
  ...change,
});
const [double, single] = [quote('"'), quote("'")];
const triple = (mark: string) => quote(mark.repeat(3), { multiline: true });
/** A raw string: no escapes, can span lines. */
const raw = (open: string, close: string, after: string | null = null) =>
  quote(open, { close, multiline: true, escape: null, after });
const stars = { open: "/*", close: "*/" };
const language = (change: Partial<SourceLanguage>): SourceLanguage => ({
  line: [],
  lineAfterSpace: false,
  block: [],
  quotes: [double, single],
  regex: false,
  ...change,
});

const curly = language({ line: ["//"], block: [stars], quotes: [triple('"'), double, single] });
const script = language({
  line: ["//"],
  block: [stars],
  quotes: [double, single, quote("`", { multiline: true, holes: true })],
  regex: true,
});
const hash = language({ line: ["#"], lineAfterSpace: true });
const dashes = language({ line: ["--"], block: [stars], quotes: [quote("'", { escape: null }), double] });
const markup = language({
  block: [{ open: "<!--", close: "-->" }],
  quotes: [quote('"', { escape: null, after: "=" }), quote("'", { escape: null, after: "=" })],
});

const rustQuotes = [
  quote("'\"", { close: "'" }),
  quote("'\\\"", { close: "'" }),
  raw('##"', '"##'),
  raw('#"', '"#'),
  raw('"', '"', "r"),
  quote('"', { multiline: true }),
];
const blockOf = (open: string, close: string) => ({ open, close });
/** Lua's long brackets, up to level 2. */
function longBrackets<T>(before: string, make: (open: string, close: string) => T): T[] {
  return ["", "=", "=="].map((level) => make(`${before}[${level}[`, `]${level}]`));
}

const byExtension: readonly (readonly [SourceLanguage, string])[] = [
  [script, "js mjs cjs jsx ts mts cts tsx"],
  [curly, "java swift kt kts scala dart groovy gradle proto m mm"],
  [{ ...curly, quotes: [raw('"(', ')"', "R"), ...curly.quotes] }, "c h cc cpp cxx hpp"],
  [{ ...curly, quotes: [raw('"', '"', "@"), ...curly.quotes] }, "cs"],
  [{ ...curly, line: ["//", "#"], lineAfterSpace: true }, "php"],
  // `'` before a name is a lifetime; `'` around a quote is a character literal.
  [{ ...curly, quotes: rustQuotes }, "rs"],
  [{ ...curly, quotes: [double, single, quote("`", { multiline: true, escape: null })] }, "go"],
  [{ ...curly, quotes: [double, single] }, "scss less"],
  [language({ block: [stars] }), "css"],
  [{ ...hash, lineAfterSpace: false, quotes: [triple('"'), triple("'"), double, single] }, "py pyi"],
  [{ ...hash, quotes: [triple('"'), triple("'"), double, single] }, "toml"],
  [hash, "sh bash zsh yaml yml rb pl pm r tf conf cfg ini properties mk ex exs nix"],
  [{ ...dashes, block: [stars] }, "sql"],
  [{ ...dashes, quotes: [...longBrackets("", raw), single, double], block: longBrackets("--", blockOf) }, "lua"],
  [markup, "html htm xml svg"],
  [{ ...script, block: [stars, ...markup.block] }, "vue svelte astro"],
];
const languages = new Map(byExtension.flatMap(([known, names]) => names.split(" ").map((name) => [name, known])));
/** Files that are recognized by their whole name. */
const hashNames = new Set(["makefile", "dockerfile", "gemfile", "rakefile", ".gitignore", ".dockerignore"]);

/** The language of a path, or null if it has none. */
export function sourceLanguageOf(path: string): SourceLanguage | null {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  if (hashNames.has(name)) return hash;
  return languages.get(name.slice(name.lastIndexOf(".") + 1)) ?? null;
}
