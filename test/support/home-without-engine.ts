/** A laboratory with a running daemon but no engine. */
import { Laboratory } from "./laboratory.ts";

export async function openWithoutEngine({
  hasCredential = true,
  ...overlays
}: {
  hasCredential?: boolean;
  configuration?: string;
  policies?: string;
} = {}): Promise<Laboratory> {
  const laboratory = await Laboratory.open(overlays);
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  if (!hasCredential) delete laboratory.environment["AEDEV_CLAUDE_OAUTH_TOKEN"];
  await laboratory.must("daemon", "start");
  return laboratory;
}
