/** Writes the text of the launchd agent (macOS) that runs a home's daemon. Pure. It contains no secret. It was never tried on macOS: tests check the text. */
import { hasControls } from "@aedev/contracts";
import type { ServicePlan } from "./service-plan.ts";

/** Shortest time between two starts, in seconds; launchd has no growing pause. */
const throttleSeconds = 10;
const stopSecondsMax = 60;

export function launchdLabel({ name }: Pick<ServicePlan, "name">): string {
  return `org.aedev.${name}`;
}

export function launchdAgent(plan: ServicePlan): string {
  const variables = Object.entries(plan.environment).flatMap(([name, value]) => [
    `      <key>${escaped(name)}</key>`,
    `      <string>${escaped(value)}</string>`,
  ]);
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    "<!-- Written by aedev, which also removes it:\naedev service uninstall\n-->",
    '<plist version="1.0">',
    "  <dict>",
    ...value("Label", launchdLabel(plan)),
    "    <key>ProgramArguments</key>",
    "    <array>",
    ...plan.command.map((argument) => `      <string>${escaped(argument)}</string>`),
    "    </array>",
    "    <key>EnvironmentVariables</key>",
    "    <dict>",
    ...variables,
    "    </dict>",
    ...value("WorkingDirectory", "/"),
    ...value("StandardOutPath", plan.logPath),
    ...value("StandardErrorPath", plan.logPath),
    "    <key>RunAtLoad</key>",
    "    <true/>",
    // An orderly stop ends with exit code 0 and is final; any other end starts the daemon again.
    "    <key>KeepAlive</key>",
    "    <dict>",
    "      <key>SuccessfulExit</key>",
    "      <false/>",
    "    </dict>",
    "    <key>ThrottleInterval</key>",
    `    <integer>${throttleSeconds}</integer>`,
    "    <key>ExitTimeOut</key>",
    `    <integer>${stopSecondsMax}</integer>`,
    "  </dict>",
    "</plist>",
  ].join("\n")}\n`;
}

function value(key: string, text: string): string[] {
  return [`    <key>${key}</key>`, `    <string>${escaped(text)}</string>`];
}

function escaped(text: string): string {
  if (hasControls(text)) throw new Error("a path or variable with a control character can't be in an agent");
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
