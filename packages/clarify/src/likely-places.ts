/** Finds the files of a repository that a request probably means, by words that occur in both the request and a path. They are choices for the question where to change. */
import type { RequestKind } from "./lexicon/request-kind.ts";
import { plain } from "./reading/normal-form.ts";
import { namesPlace } from "./reading/place.ts";

const placesMax = 3;
/** The most paths that are read; further ones of a larger repository are never offered. */
const filesMax = 20_000;
const pathCharactersMax = 80;
/** A path that can be part of a sentence without looking like anything else: no spaces, no marks of Markdown, no mention of a person. */
const plainPath = /^(?![.-])[\w./+-]+$/u;
const code =
  /\.(?:[cm]?[jt]sx?|py|go|rs|java|kts?|c|h|cc|cpp|hpp|cs|rb|php|swift|scala|exs?|lua|dart|zig|sh|sql|vue|svelte|css|scss)$/u;
const documents = /\.(?:md|mdx|rst|adoc)$/iu;
/** Folders and files without the repository's own code: tests, examples, builds, foreign code. */
const besideCode =
  /(?:^|\/)(?:tests?|__tests__|spec|specs|testing|fixtures?|examples?|bench(?:marks?)?|dist|build|out|vendor|third_party|node_modules|coverage)\/|(?:^|\/)(?:test_[^/]*|conftest\.py|setup\.py|[^/]*[._-](?:test|spec|min|config|d)\.[^/]*|[^/]*_test\.[^/]*)$/iu;
/** Folders whose subfolders are separate packages. */
const containers: ReadonlySet<string> = new Set(["packages", "apps", "libs", "crates", "modules", "services", "cmd"]);
/** Words of paths that say nothing about the content. */
const emptyWords: ReadonlySet<string> = new Set([
  ..."src lib libs app main index init mod core common util utils helper helpers package packages file files".split(
    " ",
  ),
  ..."readme the and for with from not all add fix new get set use make change".split(" "),
]);
const wordLettersMin = 3;
/** Words with at least this many letters are also the same if one begins with the other and has only a few letters more: "login" and "logins". */
const stemLettersMin = 4;
const endingLettersMax = 3;

/**
 * At most three paths, the likeliest first: files that share words with the text, then the folders with most of the code; for a request about
 * documentation, text files. `files`: the paths of the repository's files. Paths that could be misread in a sentence are never offered.
 */
export function likelyPlaces(
  text: string,
  { files, kind }: { readonly files: readonly string[]; readonly kind: RequestKind },
): string[] {
  const wanted = kind === "docs" ? documents : code;
  const usable = files
    .slice(0, filesMax)
    .filter((path) => wanted.test(path) && isPlain(path) && !besideCode.test(path));
  const words = wordsIn(text);
  const known = { words: new Set(words), stems: new Set(words.flatMap(stemsOf)) };
  const scored = usable
    .map((path) => ({ path, score: scoreOf(path, known) }))
    .filter(({ score }) => score > 0)
    .toSorted((left, right) => right.score - left.score || left.path.length - right.path.length);
  const places: string[] = [];
  for (const place of new Set([...scored.map(({ path }) => path), ...mainPlaces(usable)])) {
    if (places.length === placesMax) break;
    if (answersWhere(place)) places.push(place);
  }
  return places;
}

function isPlain(path: string): boolean {
  return path.length <= pathCharactersMax && plainPath.test(path);
}

/** Whether the path is read as a place when it comes back as an answer. */
function answersWhere(place: string): boolean {
  return namesPlace(place, []);
}

/** The top folders, those with the most files first. A file at the top of the repository counts as a place itself. */
function mainPlaces(files: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const path of files) {
    const parts = path.split("/");
    const depth = Math.min(containers.has(parts[0] ?? "") ? 2 : 1, parts.length - 1);
    const place = depth === 0 ? path : `${parts.slice(0, depth).join("/")}/`;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return [...counts].toSorted(([, left], [, right]) => right - left).map(([place]) => place);
}

interface TextWords {
  readonly words: ReadonlySet<string>;
  readonly stems: ReadonlySet<string>;
}

/** A match in the file's name weighs three times as much as one in its folders; a similar word weighs two thirds of an equal one. */
function scoreOf(path: string, { words, stems }: TextWords): number {
  const at = path.lastIndexOf("/") + 1;
  const weightOf = (word: string) => {
    if (words.has(word)) return 3;
    return stems.has(word) || stemsOf(word).some((stem) => words.has(stem)) ? 2 : 0;
  };
  const sumOf = (part: string) => wordsIn(part).reduce((sum, word) => sum + weightOf(word), 0);
  return 3 * sumOf(path.slice(at).replace(/\.[^.]*$/u, "")) + sumOf(path.slice(0, at));
}

/** The distinct words in lower case; `parseArgs` and `parse_args` are two words each. */
function wordsIn(text: string): string[] {
  const apart = text.replace(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu, " ");
  const words = plain(apart).match(/[\p{Script=Latin}\p{N}]+/gu) ?? [];
  return [...new Set(words)].filter((word) => word.length >= wordLettersMin && !emptyWords.has(word));
}

/** The beginnings of a word that count as the same word. */
function stemsOf(word: string): string[] {
  const shortest = Math.max(stemLettersMin, word.length - endingLettersMax);
  return Array.from({ length: Math.max(0, word.length - shortest) }, (_, index) => word.slice(0, shortest + index));
}
