/** Writes text in an old encoding, for tests: the inverse of the system's decoder. */

const tables = new Map<string, Map<string, Buffer>>();

export function encode(text: string, label: string): Buffer {
  const table = tables.get(label) ?? tableOf(label);
  tables.set(label, table);
  return Buffer.concat(
    [...text].map((character) => {
      const bytes = character <= "\x7f" ? Buffer.from(character) : table.get(character);
      if (bytes === undefined) throw new Error(`${label} has no ${character}`);
      return bytes;
    }),
  );
}

function tableOf(label: string): Map<string, Buffer> {
  const decoder = new TextDecoder(label);
  const table = new Map<string, Buffer>();
  const take = (...bytes: number[]) => {
    const text = decoder.decode(Uint8Array.from(bytes));
    if ([...text].length === 1 && text !== "\ufffd" && text > "\x7f" && !table.has(text))
      table.set(text, Buffer.from(bytes));
  };
  for (let lead = 0x80; lead <= 0xff; lead += 1) take(lead);
  for (let lead = 0x81; lead <= 0xfe; lead += 1) for (let trail = 0x40; trail <= 0xfe; trail += 1) take(lead, trail);
  return table;
}
