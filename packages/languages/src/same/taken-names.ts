/** Names that mean something without any declaration in a repository, so that code with another name in their place may do something else. Pure. */
import { hasMeaning, hasMeaningAsMember } from "../shared/reserved-names.ts";

const list = (text: string) => text.split(" ");

/** Globals of browsers and servers that this process may not have, and what Go declares by itself. */
const others = list(
  "window document self navigator location require module exports __dirname __filename arguments undefined jest vi chai sinon beforeAll afterAll " +
    "append cap clear close complex copy delete imag len make new panic print println real recover bool byte comparable error float32 float64 int int8 int16 int32 " +
    "int64 rune string uint uint8 uint16 uint32 uint64 uintptr iota nil true false any init main TestMain _ self cls",
);
const globals: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(globalThis), ...others]);

/** Whether a variable of that name may mean something else. */
export const isTakenName = (name: string): boolean => globals.has(name) || hasMeaning(name);

/** Whether objects of a language or of common libraries have a member of that name. */
export const isTakenMember = (name: string): boolean =>
  isTakenName(name) || hasMeaningAsMember(name) || members.has(name);

const natives: readonly object[] = [
  ...[
    Array,
    String,
    Number,
    Boolean,
    Function,
    Object,
    Map,
    Set,
    WeakMap,
    Promise,
    RegExp,
    Date,
    Error,
    Symbol,
    BigInt,
  ].map(({ prototype }): object => prototype as object),
  ...[Uint8Array, URL, URLSearchParams, AbortSignal, EventTarget, ArrayBuffer, Response, Request, Headers].map(
    ({ prototype }): object => prototype as object,
  ),
  Object.getPrototypeOf(Uint8Array.prototype) as object,
];

const members: ReadonlySet<string> = new Set([
  ...natives.flatMap((one) => Object.getOwnPropertyNames(one)),
  ...list(
    "capitalize casefold center count endswith expandtabs find format format_map index isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric " +
      "isprintable isspace istitle isupper join ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip " +
      "split splitlines startswith strip swapcase title translate upper zfill append clear copy extend insert pop remove reverse sort fromkeys popitem setdefault update " +
      "add difference discard intersection isdisjoint issubset issuperset symmetric_difference union readline readlines writelines truncate open exists glob mkdir rename " +
      "unlink resolve mean sum min max std shape dtype astype reshape head tail apply groupby merge emit listen connect start stop run wait notify acquire release submit " +
      "result cancel query execute fetchone fetchall commit rollback cursor save load dump dumps loads parse",
  ),
  ...list(
    "String Error Unwrap Is As Read Write Close Seek Len Less Swap Push Pop Lock Unlock RLock RUnlock ServeHTTP MarshalJSON UnmarshalJSON MarshalText UnmarshalText MarshalBinary " +
      "UnmarshalBinary MarshalYAML UnmarshalYAML Scan Value Format GoString Set Get Done Err Deadline Handle Next Bytes Reset Flush Wait Add Done Run Log Logf Fatal Fatalf Errorf " +
      "Printf Print Println Sprintf Helper Cleanup Name Size Mode ModTime IsDir Sys Open Stat ReadAt WriteAt ReadByte WriteByte WriteString ReadFrom WriteTo Timeout Temporary",
  ),
]);
