import { presets, type Preset } from "../model";

/** docs/presets.md between its markers: what each vendor's documentation says, from the same data that the stack file is judged by. */
export function presetsPage(): string {
  return Object.entries(presets)
    .map(([name, preset]) => section(name, preset))
    .join("\n\n");
}

function section(name: string, preset: Preset): string {
  const lines = [
    `## ${preset.title}`,
    `\`preset: ${name}\`. Source: <${preset.source}>, read ${preset.read}.`,
    preset.issuer === null ? "" : facts(preset, preset.issuer.example),
    preset.settings.length === 0 ? "" : `What its owner sets there:\n\n${bullets(preset.settings)}`,
    `What does not work:\n\n${bullets(preset.doesNotWork)}`,
  ];
  return lines.filter((line) => line !== "").join("\n\n");
}

function facts(preset: Preset, example: string): string {
  const rows: [string, string][] = [
    ["Issuer", `\`${example}\`${preset.sharedIssuer ? ", shared with other organisations" : ""}`],
    ["Groups", preset.groups === null ? "none" : groups(preset.groups)],
    ["Scopes", ["openid", ...preset.scopes].map((scope) => `\`${scope}\``).join(" ")],
    ["Refresh", preset.refreshScope === null ? "no scope" : `\`${preset.refreshScope}\``],
    ["`sub`", preset.subject],
    ["Two secrets at once", preset.overlappingSecrets ? "yes" : "no"],
    ["Sign-out at the issuer", preset.signOut ? "yes" : "no"],
    [
      "Refused",
      preset.refuses.map(({ setting, name, reason }) => `${setting} \`${name.source.replaceAll("|", "\\|")}\`: ${reason}`).join("; ") ||
        "nothing",
    ],
  ];
  return ["| | |", "| --- | --- |", ...rows.map(([what, value]) => `| ${what} | ${value.replace(/(?<!\\)\|/g, "\\|")} |`)].join("\n");
}

function groups({ claim, values, limit, shape, where }: NonNullable<Preset["groups"]>): string {
  const shapes = { list: "a list", "list-or-text": "a list, or a text where there is one", object: "an object whose keys are the groups" };
  const places = { "id-token": "in the ID token", userinfo: "at userinfo only" };
  const most =
    limit === undefined
      ? ""
      : `, at most ${limit.count} (above, ${limit.above === "overage" ? "the claim is replaced" : "some are left out"})`;
  return `\`${claim}\`, ${shapes[shape]} of ${values}s ${places[where]}${most}`;
}

function bullets(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${sentence}`).join("\n");
}
