/** A document's page: what went wrong, that it loads, or the document. */
import type { ComponentChildren } from "preact";
import { visible } from "../text/format.ts";
import { texts } from "../text/text.ts";

export function Loaded<T>({
  document,
  error,
  children,
}: {
  document: T | null;
  error: string | null;
  children: (document: T) => ComponentChildren;
}) {
  return (
    <>
      {error !== null && <p class="notice bad">{visible(error)}</p>}
      {document === null ? error === null && <p role="status">{texts.value.loading}</p> : children(document)}
    </>
  );
}
