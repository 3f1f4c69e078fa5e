/**
 * What an update does to access: two environment documents and the engine's plan in, a judged change out. `people.ts` counts who
 * gains and loses, `facts.ts` what surrounds it, `headline.ts` says it in sentences, `render.ts` as text, Markdown and JSON.
 * Knows nothing of where the documents come from.
 */
import { missedReviews, type EnvironmentDocument } from "../../model";
import { accessObjectChanges, type AccessObjectChange } from "./access-objects";
import { chartChanges, claimChanges, deciderChanges, plannedChartChanges, redirectChanges, secretChanges, type Decider } from "./facts";
import { headlines } from "./headline";
import { conditionChanges, identityChanges, identityDeciders } from "./identity";
import { administers, compareHolders } from "./people";
import { signInChanges, signInDeciders } from "./sign-in";
import {
  accessChangeVersion,
  type AccessChange,
  type AccessLine,
  type EndChange,
  type EnginePlan,
  type FactChange,
  type Finding,
  type FindingKind,
  type IntendedEnvironment,
  type PlannedResource,
} from "./types";

const noPlan: EnginePlan = { resources: [], policies: null };

/**
 * What an update would do to access: who gains, who loses, whose access ends on another day, and the facts around it.
 * People are counted only where the stack lists a group's members; other groups are named as groups.
 * @param before the environment as it is; undefined before the first update
 * @param after the environment as it is meant to be, or a second document (to compare two days)
 * @param plan what the engine says beside: resources, broken rules
 * @param today the day in UTC, by which reviews are missed; without it none is
 */
export function accessChange(
  before: EnvironmentDocument | undefined,
  after: EnvironmentDocument | IntendedEnvironment,
  plan: EnginePlan = noPlan,
  today?: string,
): AccessChange {
  const intended: IntendedEnvironment = "document" in after ? after : { document: after, unknown: [] };
  const { document, unknown } = intended;
  const added = document.risks.filter((risk) => !before?.risks.includes(risk));
  const removed = (before?.risks ?? []).filter((risk) => !document.risks.includes(risk));
  const tokens = claimChanges(before, document);
  const identity = identityChanges(before, document).filter(
    ({ what }) => !(what === "issuer of the environment" && tokens.some((fact) => fact.what === "issuer")),
  );
  const claims = [...tokens, ...identity];
  const hardness = signInChanges(before, document);
  const conditions = conditionChanges(before, document);
  const signIn = [...hardness, ...conditions];
  const holders = compareHolders(before, document);
  const objects = accessObjectChanges(before, document, holders, plan.resources);
  const facts = {
    ...holders,
    platforms: {
      added: Object.keys(document.platforms).filter((name) => before?.platforms[name] === undefined),
      removed: Object.keys(before?.platforms ?? {}).filter((name) => document.platforms[name] === undefined),
    },
    redirectUris: redirectChanges(before, document),
    claims,
    signIn: signIn.map(({ platform, what, before: was, after: is }): FactChange => ({ platform, what, before: was, after: is })),
    secrets: secretChanges(before, document, plan),
    charts: [...chartChanges(before, document), ...plannedChartChanges(before, document, plan)],
    risks: { added, removed },
    accessObjects: objects.map(({ text }) => text),
    notExpanded: notExpanded(document),
    missedReviews: today === undefined ? [] : missedReviews(document, today).map(({ sentence }) => sentence),
    unknown,
    policies: plan.policies,
    resources: plan.resources,
  };
  const administered = (platform: string | null): boolean =>
    document.access.some((grant) => (platform === null || grant.platform === platform) && administers(grant.role));
  const deciders = [
    ...deciderChanges(tokens, added, document),
    ...signInDeciders(hardness, administered),
    ...identityDeciders(identity, conditions, administered),
  ];
  const findings = findingsOf(facts, deciders, objects);
  return {
    version: accessChangeVersion,
    stack: document.stack,
    first: before === undefined,
    headline: headlines(document.stack, { ...facts, deciders }, findings),
    findings,
    ...facts,
  };
}

/** Everything of a change but its headline. */
export type AccessFacts = Omit<AccessChange, "version" | "stack" | "first" | "headline" | "findings">;

function notExpanded(document: EnvironmentDocument): string[] {
  const open = document.access.flatMap((grant) => {
    const group = document.groups[grant.group];
    return grant.person === undefined && group !== undefined && group.members === undefined ? [group.displayName] : [];
  });
  return [...new Set(open)].sort();
}

function findingsOf(facts: AccessFacts, deciders: readonly Decider[], objects: readonly AccessObjectChange[]): Finding[] {
  const wider: AccessLine[] = [...facts.gains, ...facts.ends.filter(({ becomes }) => becomes === "permanent" || becomes === "longer")];
  const endless: AccessLine[] = [
    ...facts.gains.filter(({ until }) => until === null),
    ...facts.ends.filter(({ becomes }) => becomes === "permanent"),
  ];
  const of = (kind: FindingKind, texts: readonly string[]): Finding[] => texts.map((text) => ({ kind, text }));
  return [
    ...of("widen-admin", [
      ...wider.filter((line) => line.administers).map(lineText),
      ...deciders.filter((decider) => decider.administers).map(({ text }) => text),
    ]),
    ...of("widen", wider.map(lineText)),
    ...of("permanent", endless.map(lineText)),
    ...of("insecure", facts.risks.added),
    ...of("redirect", facts.redirectUris.filter(({ after }) => after !== null).map(factText)),
    ...of("claims", [...facts.claims, ...facts.signIn].map(factText)),
    ...of("chart", facts.charts.map(factText)),
    ...objects.map(({ kind, text }) => ({ kind, text })),
    ...of("review", facts.missedReviews),
    ...of("unknown", facts.unknown),
    ...of(
      "policy",
      (facts.policies ?? []).map(({ rule, level, resource }) => `${rule} (${level})${resource === "" ? "" : ` on ${resource}`}`),
    ),
    ...of(
      "destroy",
      facts.resources.filter(destroys).map(({ operation, type, name }) => `${operation} ${type} ${name}`),
    ),
  ];
}

/** Whose end is a change of access or of a secret, and is told as such. */
const toldElsewhere = /(Binding|Memberships?|GroupMember|Assignments?|RandomPassword|ApplicationPassword|core\/v1:Secret)$/;

/** Components are names for their children, and `pulumi:` types are the engine's own. */
const noResource = /^(gatehouse|pulumi):/;

function destroys({ operation, type }: PlannedResource): boolean {
  return (operation === "delete" || operation === "replace") && !toldElsewhere.test(type) && !noResource.test(type);
}

/** One line of access in words. */
export function lineText(line: AccessLine | EndChange): string {
  const until = line.until === null ? "without an end" : `until ${line.until}`;
  const place = line.place === "everywhere" ? "" : ` in ${line.place}`;
  return `${holderText(line)}: ${line.role} of ${line.platform}${place}, ${until}`;
}

export function holderText({ holder }: Pick<AccessLine, "holder">): string {
  return holder.kind === "person" ? holder.name : `group '${holder.name}'`;
}

export function factText({ platform, what, before, after }: FactChange): string {
  const where = platform === null ? "" : `${platform}: `;
  return `${where}${what}: ${before ?? "none"} -> ${after ?? "none"}`;
}
