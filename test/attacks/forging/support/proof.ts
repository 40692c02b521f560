/** Runs a case's proof: an honest program in a plain container that says whether the product code is right. It decides nothing but whether the case is what it claims. */
import { execa } from "execa";

/** What the proof found, or its whole output if it found nothing. */
export async function runProof(
  archive: Buffer,
  { image, command }: { image: string; command: string },
): Promise<string> {
  const script = `mkdir -p /tmp/product && cd /tmp/product && tar x && { ${command}; } </dev/null 2>&1`;
  const limits = ["--network", "none", "--memory", "1g", "--pids-limit", "256"];
  const { stdout } = await execa(
    "docker",
    ["run", "--rm", "--interactive", "--entrypoint", "sh", ...limits, image, "-c", script],
    {
      input: archive,
      reject: false,
      timeout: 120_000,
    },
  );
  const said = String(stdout).trim();
  return /^(RIGHT|WRONG)\b.*$/m.exec(said)?.[0] ?? `NOTHING ${said}`;
}
