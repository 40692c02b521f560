/** A secret rule's match in a text. The value exists only during the scan and never enters a report. */
export interface SecretMatch {
  readonly rule: string;
  /** Character offsets in the scanned text, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** True if the form itself says that it is a secret; false if a name, its surroundings or randomness suggest it. */
  readonly isCertain: boolean;
}
