/** Finds Rust's `debug_assert!` that does something, which a release build leaves out. Pure. */

const pure =
  /^(?:is_\w+|as_(?!mut)\w+|to_\w+|into\w*|checked_\w+|wrapping_\w+|saturating_\w+|len|contains|contains_key|get|iter|all|any|min|max|abs|abs_diff|eq|ne|lt|le|gt|ge|cmp|partial_cmp|starts_with|ends_with|first|last|count|windows|chunks|unwrap|expect|ok|err|from|unwrap_or\w*|map_or\w*|and_then|clone|copied|cloned|map|filter|rev|sum|zip|enumerate|keys|values|chars|bytes|matches|size_of|pow|rem_euclid|div_euclid|round|floor|ceil|trunc|start|end)$/u;

/** `text`: without comments and the content of strings. A call counts unless it is known to change nothing: by its name, or as a function of this file that takes nothing mutable. Not seen: a method of another file with such a name, a function that is passed as a value, an iterator that is used up. */
export function actingAssertions(text: string): { what: string; at: number }[] {
  return [...text.matchAll(/\bdebug_assert\w*\s*!\s*[([{]/gu)].flatMap((found) => {
    const start = found.index + found[0].length;
    const given = text.slice(start, endOf(text, start));
    const calls = [...given.matchAll(/(?<![\w!])([a-z_]\w*)\s*(?:::\s*<[^()]*>\s*)?\(/gu)].map(([, name = ""]) => name);
    const acts =
      given.length >= givenMax ||
      /\{|&\s*mut\b|[^=!<>.]=[^=>]|<<=|>>=|\b(?!(?:matches|format)\b)\w+\s*!\s*[([{]/u.test(given) ||
      calls.some((name) => mayChange(name, text));
    return acts ? [{ what: `${found[0]}${given}`.replace(/\s+/gu, " ").slice(0, 100), at: found.index }] : [];
  });
}

function mayChange(name: string, text: string): boolean {
  const declared = [...text.matchAll(new RegExp(String.raw`\bfn\s+${name}\b\s*(?:<[^(]*>)?\s*\(([^)]*)\)`, "gu"))];
  if (declared.length === 0) return !pure.test(name);
  return changesShared.test(text) || declared.some(([, parameters = ""]) => /\bmut\b/u.test(parameters));
}
/** What can be changed without `mut`. */
const changesShared = /\b(?:\w*Cell|Mutex|RwLock|Atomic\w+)\b/u;

/** Longer ones are not read. */
const givenMax = 2000;

/** Where what began before `start` ends. */
function endOf(text: string, start: number): number {
  let depth = 1;
  for (let at = start; at < start + givenMax && at < text.length; at += 1) {
    const letter = text.charAt(at);
    if ("([{".includes(letter)) depth += 1;
    else if (")]}".includes(letter)) depth -= 1;
    if (depth === 0) return at;
  }
  return start + givenMax;
}
