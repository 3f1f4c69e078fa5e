import { ruleText, type EnvironmentDocument } from "../../model";
import { bindingText, groupSubjects, roleText, type AccessPath } from "../../verifier/rbac";

/** One step of the way from a person to a rule. */
export interface PathStep {
  readonly step: "person" | "group" | "claim" | "prefix" | "subject" | "binding" | "role" | "rule";
  readonly text: string;
}

/**
 * The way of a right: person, group, claim, prefix, subject, binding, role, rule. What the environment does not know is left out.
 * @param person the sign-in name, where one person is meant
 */
export function pathSteps(path: AccessPath, document: EnvironmentDocument | undefined, person?: string, platform?: string): PathStep[] {
  const { subject, binding, role, rule } = path;
  const name = subject.kind === "ServiceAccount" ? `${subject.namespace || binding.namespace}/${subject.name}` : subject.name;
  const group =
    document === undefined || subject.kind !== "Group"
      ? undefined
      : groupSubjects(document).find((one) => one.subject === subject.name && (platform === undefined || one.platform === platform));
  const members = group?.members ?? [];
  const people = person ?? (members.length === 0 ? undefined : members.join(", "));
  return [
    ...(people === undefined ? [] : [{ step: "person" as const, text: people }]),
    ...(group === undefined
      ? []
      : [
          { step: "group" as const, text: group.displayName === group.group ? group.group : `${group.displayName} (${group.group})` },
          { step: "claim" as const, text: `${group.claim} = ${JSON.stringify(group.claimValue)}` },
          { step: "prefix" as const, text: group.prefix === "" ? "none" : group.prefix },
        ]),
    { step: "subject", text: `${subject.kind} ${name}` },
    { step: "binding", text: bindingText(binding) },
    { step: "role", text: roleText(role) },
    { step: "rule", text: ruleText(rule) },
  ];
}

/** The steps as lines, aligned. */
export function stepLines(steps: readonly PathStep[]): string[] {
  return steps.map(({ step, text }) => `  ${step.padEnd("subject".length)}  ${text}`);
}
