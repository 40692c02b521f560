/** Every request that the fake of GitHub got, in the order in which they began, for tests to search. It keeps no credentials. */

export interface JournalEntry {
  readonly kind: "git" | "rest";
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
  /** Login of the account, or `app/slug` for an app's own token; null: none, or not known. */
  readonly account: string | null;
  /** null: the connection was dropped. */
  readonly status: number | null;
  /** The request is of a kind that changes something: a push, or REST other than GET. */
  readonly mutates: boolean;
  /** It was carried out without a refusal, whatever the client was told. */
  readonly acted: boolean;
  /** A REST request that asked for what has changed since an earlier answer (`If-None-Match`). */
  readonly conditional?: boolean;
  /** Parsed JSON of a REST request. */
  readonly body?: unknown;
}
export interface RequestJournal {
  readonly entries: readonly JournalEntry[];
  /** Entries that would change something, refused ones included. */
  mutating(): JournalEntry[];
  clear(): void;
}
export interface WritableJournal extends RequestJournal {
  /** A request begins. What it returns is called once the request has ended, which may be after its client went on. */
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
