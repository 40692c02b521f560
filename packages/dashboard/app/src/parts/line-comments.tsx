/** Comments on lines of a change. Together they are the words with which it is sent back. */
import type { PatchLineDocument } from "@aedev/contracts/api";
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { visible } from "../text/format.ts";
import { texts } from "../text/text.ts";

/** `place`: the file's place and the line's in it. `line`: the comment as a line of the words. */
export interface Comment {
  readonly place: string;
  readonly text: string;
  readonly line: string;
}

/** The comments, and the line that is being commented on (null: none). */
export interface Comments {
  readonly list: ReadonlySignal<readonly Comment[]>;
  readonly writingAt: Signal<string | null>;
  readonly add: (place: string, about: { path: string; line: PatchLineDocument; text: string }) => void;
  readonly remove: (comment: Comment) => void;
}

const quoteMax = 80;

/** `words`: what is sent, which the person may edit further. */
export function commentsOf(words: Signal<string>): Comments {
  const list = signal<readonly Comment[]>([]);
  const writingAt = signal<string | null>(null);
  return {
    list,
    writingAt,
    add(place, { path, line: { before, after, text: quoted }, text }) {
      const quote = visible(quoted.trim()).slice(0, quoteMax);
      const line = `${visible(path)}:${after ?? before ?? ""}: ${quote} — ${text.trim()}`;
      list.value = [...list.value, { place, text: text.trim(), line }];
      words.value = words.value.trim() === "" ? line : `${words.value.trimEnd()}\n${line}`;
      writingAt.value = null;
    },
    remove(comment) {
      list.value = list.value.filter((other) => other !== comment);
      words.value = words.value
        .replace(comment.line, "")
        .replace(/\n{2,}/gu, "\n")
        .trim();
    },
  };
}

/** The row below a line: its comments, and the field of a new one. */
export function CommentRows({
  comments,
  place,
  path,
  line,
}: {
  comments: Comments;
  place: string;
  path: string;
  line: PatchLineDocument;
}) {
  const t = texts.value;
  const own = comments.list.value.filter((comment) => comment.place === place);
  const isWriting = comments.writingAt.value === place;
  if (own.length === 0 && !isWriting) return null;
  return (
    <tr class="comment">
      <td colSpan={3}>
        {own.map((comment, at) => (
          <p class="row" key={at}>
            <span class="whole">{visible(comment.text)}</span>
            <button type="button" onClick={() => comments.remove(comment)}>
              {t.removeComment}
            </button>
          </p>
        ))}
        {isWriting && (
          <CommentField
            save={(text) => comments.add(place, { path, line, text })}
            close={() => {
              comments.writingAt.value = null;
            }}
          />
        )}
      </td>
    </tr>
  );
}

function CommentField({ save, close }: { save: (text: string) => void; close: () => void }) {
  const t = texts.value;
  const field = useRef<HTMLTextAreaElement>(null);
  // Before another key is pressed: it would be a command.
  useLayoutEffect(() => field.current?.focus(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    const text = field.current?.value ?? "";
    if (text.trim() !== "") save(text);
  };
  return (
    <form class="rows" onSubmit={submit}>
      <label>
        {t.commentHint}
        <textarea
          ref={field}
          required
          onKeyDown={(event) => {
            if (event.key === "Escape") close();
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
          }}
        />
      </label>
      <span class="row">
        <button class="main" type="submit">
          {t.addComment}
        </button>
        <button type="button" onClick={close}>
          {t.close}
        </button>
      </span>
    </form>
  );
}
