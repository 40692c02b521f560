/** Reads a comment on an issue: whether it means aedev, and what it answers. docs/GITHUB.md has the form. */

/** A comment that means aedev: it tries to decide, or answers questions by their ids; `text`: it has no ids, which is enough for one question. */
export type CommentMeaning =
  | { readonly kind: "decision" }
  | { readonly kind: "answers"; readonly answers: readonly { readonly id: string; readonly text: string }[] }
  | { readonly kind: "text"; readonly text: string };

const command = /^\s*\/aedev(?=\s|$)/i;
const decision = /^\s*(?:\/aedev\s+)?(?:approved?|reject(?:ed)?|lgtm|merge|ship it)\s*[.!]*\s*$/i;
const answerLine = /^\s*([a-z][a-z0-9-]{0,39}):\s*(.*)$/i;

/** Null: the comment is for people. `ids`: of the open questions. */
export function meaningOf(body: string, ids: readonly string[]): CommentMeaning | null {
  const text = body.replaceAll("\r\n", "\n");
  if (decision.test(text)) return { kind: "decision" };
  if (!command.test(text)) return null;
  const said = text.replace(command, "").trim();
  return answersIn(said, ids) ?? { kind: "text", text: said };
}

/** Every line that begins with the id of a question and a colon begins an answer; other lines continue it. Null if the first line begins none. */
function answersIn(text: string, ids: readonly string[]): CommentMeaning | null {
  const answers: { id: string; text: string }[] = [];
  for (const line of text.split("\n")) {
    const [, id, start = ""] = answerLine.exec(line) ?? [];
    const last = answers.at(-1);
    if (id !== undefined && ids.includes(id.toLowerCase())) answers.push({ id: id.toLowerCase(), text: start });
    else if (last === undefined) return null;
    else last.text += `\n${line}`;
  }
  return { kind: "answers", answers: answers.map((answer) => ({ ...answer, text: answer.text.trim() })) };
}
