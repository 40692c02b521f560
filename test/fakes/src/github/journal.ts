/** Every request to the fake GitHub, in the order in which they began, for tests to search. It keeps no credentials. */

export interface JournalEntry {
  readonly kind: "git" | "rest";
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
  /** Login of the account, or `app/slug` for an app's own token; null if there is none or it is unknown. */
  readonly account: string | null;
  /** Null if the connection was dropped. */
  readonly status: number | null;
  /** The request could change something: a push, or REST other than GET. */
  readonly mutates: boolean;
  /** The request was performed without a refusal, whatever the client was told. */
  readonly acted: boolean;
  /** A REST request for changes since an earlier answer (`If-None-Match`). */
  readonly conditional?: boolean;
  /** Parsed JSON of a REST request. */
  readonly body?: unknown;
}
export interface RequestJournal {
  readonly entries: readonly JournalEntry[];
  /** Entries that could change something, including refused ones. */
  mutating(): JournalEntry[];
  clear(): void;
}
export interface WritableJournal extends RequestJournal {
  /** Notes the beginning of a request. Call the returned function once it has ended, which may be after its client moved on. */
  begin(): (entry: JournalEntry) => void;
}

export function createJournal(): WritableJournal {
  const entries: JournalEntry[] = [];
  const places = new WeakMap<JournalEntry, number>();
  const placeOf = (entry: JournalEntry | undefined) => (entry === undefined ? 0 : (places.get(entry) ?? 0));
  let begun = 0;
  return {
    entries,
    mutating: () => entries.filter(({ mutates }) => mutates),
    clear: () => {
      entries.length = 0;
    },
    begin: () => {
      begun += 1;
      const place = begun;
      return (entry) => {
        places.set(entry, place);
        let at = entries.length;
        while (placeOf(entries[at - 1]) > place) at -= 1;
        entries.splice(at, 0, entry);
      };
    },
  };
}
