/** A secret rule's match in a text. The value lives only as long as the scan and never enters a report. */
export interface SecretMatch {
  readonly rule: string;
  /** Character offsets in the scanned text, end exclusive. */
  readonly start: number;
  readonly end: number;
}
