/** Decides whether a text names a place in the code: a file, folder, route, function, flag or identifier. Prose about a feature does not. */
import { tidy } from "./language.ts";
import { phrasesIn } from "./phrases.ts";

const extensions =
  "[cm]?[jt]sx?|py|go|rs|java|kts?|c|h|cc|cpp|hpp|cs|rb|php|swift|scala|ex|exs|erl|hs|lua|pl|r|dart|zig|sh|bash|fish|ps1|sql|md|mdx|rst|adoc|txt|json5?|ya?ml|toml|ini|cfg|conf|css|s[ac]ss|less|html?|vue|svelte|astro|xml|svg|proto|graphql|gql|tf|lock|mk|gradle|ipynb|tex|csv";
const folders =
  "src|lib|libs|test|tests|spec|docs?|scripts?|packages?|apps?|bin|cmd|internal|pkg|config|server|client|web|api|public|static|components?|pages|routes|views|models|controllers|examples?|tools|include|frontend|backend|core|cli|migrations|assets|styles";
/** The characters of an identifier; a Chinese character may be next to it. */
const named = "\\p{Script=Latin}\\p{N}_";
const inPath = `[${named}@.-]`;

const placePatterns: readonly RegExp[] = [
  // A span of code.
  /`[^`\s][^`]*`/u,
  // A file by its ending: cart.js, 报告.md.
  new RegExp(`[\\p{L}\\p{N}_-]\\.(?:${extensions})(?![${named}])`, "iu"),
  // A known folder, with or without a path in it: src/, lib/cart.
  new RegExp(`(?<![${named}/])(?:${folders})/`, "iu"),
  // A folder by its slash at the end, an absolute or relative path, a route: handlers/, ./x, /users.
  new RegExp(`(?<![${named}@./-])${inPath}{2,}/(?=$|[^${named}/])`, "u"),
  new RegExp(`(?<![${named}@./~-])(?:~|\\.{1,2})?/[\\p{L}_]`, "u"),
  // A call, a name with humps, underscores or colons, a flag: add(), parseLine, parse_line, std::fs, --json.
  new RegExp(`[${named}]\\(\\)`, "u"),
  new RegExp(`(?<![${named}])[a-z]{2,}[A-Z]`, "u"),
  /[\p{Script=Latin}\p{N}]_+[\p{Script=Latin}\p{N}]/u,
  new RegExp(`[${named}]::[${named}]`, "u"),
  new RegExp(`(?<![${named}-])--[a-z][a-z-]`, "u"),
  // A name of two humps: CartService.
  new RegExp(`(?<![${named}])[A-Z][a-z0-9]+[A-Z]`, "u"),
];
/** Names that look like identifiers and are not. */
const products =
  /\b(?:GitHub|GitLab|JavaScript|TypeScript|PostgreSQL|MySQL|GraphQL|YouTube|LinkedIn|PayPal|OpenAI|ChatGPT|WordPress|DevOps|macOS|eBay|iOS|iPhone|iPad)\b/g;
const address = /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*:\/\/\S+/gi;

/** `words`: names that count although they do not look like a place, e.g. README. */
export function namesPlace(text: string, words: readonly string[]): boolean {
  const searched = tidy(text.replaceAll(address, " ").replaceAll(products, " "));
  return placePatterns.some((place) => place.test(searched)) || phrasesIn(searched, words).length > 0;
}

const paths = new RegExp(`(?<![${named}@./~-])(?:(?:~|\\.{1,2})?/|(?:${folders})/)[${named}@./-]*`, "giu");
const files = new RegExp(`(?<![${named}@./~-])[${named}@./~-]*[${named}]\\.(?:${extensions})(?![${named}])`, "giu");

/** The text without code, addresses and paths, in which words have no meaning ("/etc/hosts"). */
export function proseOf(text: string): string {
  return text
    .replaceAll(/```[\s\S]*?(?:```|$)/g, " ")
    .replaceAll(/`[^`\n]*`/g, " ")
    .replaceAll(address, " ")
    .replaceAll(files, " ")
    .replaceAll(paths, " ");
}
