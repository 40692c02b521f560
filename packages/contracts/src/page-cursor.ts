/** The cursor that ends a page of a list. It has no schemas, because `aedev status` loads it and should not pay for the API's. */

/** A row's place in its list: when it was added, and its id. */
export interface PagePlace {
  readonly at: string;
  readonly id: string;
}

/** The cursor after a row: `next` of its page, and `after` in the query for the following page. */
export function cursorOf({ at, id }: PagePlace): string {
  return `${at}~${id}`;
}
