/**
 * Writes docs/policies.md from the rules. With --check it writes nothing and exits 1 when the file is out of step.
 * Usage: tsx scripts/generate-policy-docs.ts [--check]
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { format, resolveConfig } from "prettier";
import { controls } from "../policies/controls";
import { leftOut } from "../policies/left-out";
import { exceptionsPolicy } from "../policies/pack";
import type { Rule } from "../policies/rule";
import { rules } from "../policies/rules";
import { tenFaults } from "../policies/ten-faults";
import { markdownTable } from "./markdown-table";

const file = join(resolve(__dirname, ".."), "docs", "policies.md");

/** Prose for Markdown: `<release>` is no tag, and a star no emphasis, except inside backticks. */
function prose(text: string): string {
  return text
    .split("`")
    .map((part, index) => (index % 2 === 0 ? part.replace(/[<*]/g, "\\$&") : part))
    .join("`");
}

function link(id: string): string {
  return `[${id}](#${id})`;
}

function overview(): string {
  return markdownTable(
    ["rule", "level", "severity", "judges", "says"],
    rules.map((rule) => [link(rule.id), rule.level, rule.severity, rule.scope === "stack" ? "the stack" : "a resource", rule.title]),
  );
}

function section(rule: Rule): string {
  const settings = Object.entries(rule.settings);
  return [
    `### ${rule.id}`,
    `${prose(rule.title)}.`,
    `**Why.** ${prose(rule.rationale)}`,
    `**Fix.** ${prose(rule.remediation)}`,
    `**Unknown values.** ${prose(rule.unknowns)}`,
    ...(rule.controls.length === 0
      ? []
      : [
          `**Controls.**\n\n${rule.controls.map((id) => `- ${controls[id].standard} ${controls[id].number}: “${controls[id].wording}”`).join("\n")}`,
        ]),
    ...(settings.length === 0
      ? []
      : [
          markdownTable(
            ["setting", "default", "meaning"],
            settings.map(([name, { default: value, schema }]) => [
              `\`${name}\``,
              `\`${JSON.stringify(value)}\``,
              prose(schema.description ?? ""),
            ]),
          ),
        ]),
    `Judges: ${rule.types.map((type) => `\`${typeof type === "string" ? type : type.source}\``).join(", ")}.`,
  ].join("\n\n");
}

const configuration = {
  [exceptionsPolicy]: {
    exceptions: [
      {
        rule: "rbac-no-escalation-verbs",
        resource: "openunison-*",
        owner: "ana@example.com",
        reason: "the proxy has to impersonate people",
        until: "2027-03-31",
      },
    ],
  },
  "entra-secret-max-lifetime": { secretLifetimeDays: 90 },
  "rbac-namespace-first": { enforcementLevel: "mandatory", allowedClusterRoles: ["view"] },
};

function policyDocument(): string {
  const mandatory = rules.filter(({ level }) => level === "mandatory").length;
  return [
    "# The policy pack",
    "<!-- Written by scripts/generate-policy-docs.ts from policies/. Change the rules, not this file. -->",
    `${rules.length} rules, ${mandatory} of them mandatory, for any Pulumi program that uses azuread, okta, keycloak or kubernetes. They read type tokens and properties, so the pack loads no provider SDK.`,
    "```sh\npulumi preview --policy-pack dist/policies --policy-pack-config policy-config.json\n```",
    "A mandatory violation fails the preview, and `pulumi up` previews first: nothing is created. An update without a preview (`--skip-preview`) is stopped resource by resource; rules over the stack run last there, after creation.",
    "## Ten faults",
    "A stack with these ten faults is in `lab/story/bad-stack`, with one violation at least of each mandatory rule but Keycloak's and okta-no-administrators. Checkov 3.3.30 reports one of the ten.",
    markdownTable(
      ["fault", "rule"],
      tenFaults.map(({ fault, rule }) => [prose(fault), link(rule)]),
    ),
    "## Levels, thresholds and exceptions",
    "The configuration is CrossGuard's: per rule a level and its settings. `disabled` turns a rule off.",
    `\`\`\`json\n${JSON.stringify(configuration, null, 2)}\n\`\`\``,
    `An exception names one rule, a resource (URN or name, \`*\` as wildcard), an owner, a reason and its last day (UTC). After that day the rule applies again, and the message names the owner. Each exception in force is printed by \`${exceptionsPolicy}\` (advisory) on the resources that use it. A malformed exception is an error, and nothing is deployed; so is a setting that its rule does not have. A misspelt rule with settings stops the engine (\`invalid enforcement level ""\`); one with a level lets it pass unseen, so compare the names with the table below. With \`${exceptionsPolicy}\` disabled no exception works. An acknowledgement in a Gatehouse stack (an \`insecure…\` option) is no exception: the pack still reports it.`,
    "## Unknown values",
    "The engine does not know at preview what an update will produce (object IDs, client IDs), and a mandatory policy that merely touches such a value is turned into an advisory one. So the rules read a copy in which unknown values are marked, judge what is known with their full level, and never guess. Each rule is tested with every one of its properties unknown.",
    "## All rules",
    overview(),
    ...rules.map(section),
    "## Left out",
    markdownTable(
      ["candidate", "idea", "reason"],
      leftOut.map(({ candidate, idea, reason }) => [String(candidate), prose(idea), prose(reason)]),
    ),
  ].join("\n\n");
}

async function main(): Promise<number> {
  const wanted = await format(policyDocument(), { ...(await resolveConfig(file)), parser: "markdown" });
  if (!process.argv.includes("--check")) {
    writeFileSync(file, wanted);
    process.stderr.write(`docs/policies.md: ${rules.length} rules\n`);
    return 0;
  }
  let found: string;
  try {
    found = readFileSync(file, "utf8");
  } catch {
    process.stderr.write("docs/policies.md: expected the generated file, found none; run tsx scripts/generate-policy-docs.ts\n");
    return 1;
  }
  if (found === wanted) {
    return 0;
  }
  const line = wanted.split("\n").findIndex((text, index) => text !== found.split("\n")[index]) + 1;
  process.stderr.write(`docs/policies.md:${line}: out of step with policies/; run tsx scripts/generate-policy-docs.ts\n`);
  return 1;
}

if (require.main === module) {
  void main().then((code) => {
    process.exitCode = code;
  });
}
