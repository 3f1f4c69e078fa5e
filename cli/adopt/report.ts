import {
  accessKey,
  compareText,
  formatProblem,
  groupSubject,
  platformOf,
  subjectKey,
  textLines,
  type FoundClient,
  type FoundPlatform,
  type FoundGroup,
  type FoundSecret,
  type PlatformSpec,
  type Problem,
} from "../../model";

import type { Adoption } from "./adoption";
import { ownRedirects } from "./equality";
import { componentBeforeState, isImportable } from "./files";

/** What people hold after the first update, under their names of today: what the stack grants, and what stays with objects made by hand. */
export function accessAfter(adoption: Adoption): string[] {
  const { accepted, platform, held } = adoption;
  const spec = accepted?.environment.platforms[platform];
  if (spec === undefined) {
    return [];
  }
  const granted = platformOf(spec).people === undefined ? grantedBy(spec, adoption) : givenTo(adoption);
  return [...new Set([...granted, ...held.access.left.map(accessKey)])].sort(compareText);
}

/** What each person holds by the stack. */
function givenTo({ people: { people } }: Adoption): string[] {
  return people.flatMap(({ username, bindings }) =>
    bindings.map(({ roleRef, namespace, workspace }) =>
      accessKey({ subject: { kind: "User", name: username }, role: roleRef, namespace, workspace }),
    ),
  );
}

function grantedBy(spec: PlatformSpec, { held, groups, found }: Adoption): string[] {
  const names = new Map([...held.people].map(([name, { login }]) => [login, name]));
  return spec.access.flatMap((grant) => {
    const subject =
      grant.user === undefined
        ? { kind: "Group", name: nameOfGroup(spec, groups[grant.group ?? ""], found.prefixes.group) }
        : { kind: "User", name: names.get(grant.user) ?? "" };
    return platformOf(spec)
      .bindings(spec, grant)
      .map(({ namespace, roleRef }) => accessKey({ subject, role: roleRef, namespace }));
  });
}

function nameOfGroup(spec: PlatformSpec, group: FoundGroup | undefined, prefix: string): string {
  return group === undefined
    ? ""
    : groupSubject(
        spec,
        { claim: "", prefix },
        {
          displayName: group.name,
          claimValue: group.claimValue ?? group.existing,
        },
      );
}

/** What people hold today. */
export function accessBefore({ held: { access } }: Adoption): string[] {
  return [...new Set(access.held.map(accessKey))].sort(compareText);
}

/** Why nothing was written. */
export function refusalText({ problems }: Adoption): string {
  return textLines([
    `Not taken over: ${problems.length} ${problems.length === 1 ? "thing needs" : "things need"} a decision first. Nothing was written.`,
    ...problems.flatMap((problem: Problem) =>
      formatProblem(problem)
        .split("\n")
        .map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`)),
    ),
  ]);
}

/** The report, in Markdown. Never holds the secret: only where it is. */
export function reportText(adoption: Adoption, stack: string, folder: string): string {
  const { installation, client, found, accepted } = adoption;
  const [before, after] = [accessBefore(adoption), accessAfter(adoption)];
  return textLines([
    `# ${installation.place}: taken over`,
    "",
    `${installation.title}; client \`${found.clientId}\` ('${client.label}') at ${found.issuer}.`,
    "",
    "## Access before and after",
    "",
    `${before.length} before, ${after.length} after: ${before.join("\n") === after.join("\n") ? "equal" : "NOT EQUAL"}.`,
    "",
    ...before.map((line) => `- ${line}${after.includes(line) ? "" : " (would go)"}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `- ${line} (would come)`),
    ...(namesChange(adoption) ? ["", "Names are those of today: the stack's own take their place, in bindings that come first."] : []),
    "",
    "## Risks",
    "",
    ...list([
      ...(accepted?.warnings ?? []),
      ...found.remarks.map(({ setting, text }) => `${setting}: ${text}`),
      ...client.remarks.map(({ setting, text }) => (setting === "kind" ? text : `${setting}: ${text}`)),
    ]),
    "",
    "## Commands",
    "",
    ...commands(adoption, stack, folder),
    "",
    "## Left by hand",
    "",
    ...list(leftByHand(adoption)),
  ]);
}

function list(lines: readonly string[]): string[] {
  return lines.length === 0 ? ["Nothing."] : lines.map((line) => `- ${line}`);
}

function commands(adoption: Adoption, stack: string, folder: string): string[] {
  const { found, client, platform } = adoption;
  const component = componentBeforeState(adoption);
  const into = `pulumi stack export | npx gatehouse adopt --into-state ${folder}/release.json | pulumi stack import`;
  return [
    "In the project's folder (`gatehouse init` makes one), with the stack file in its place:",
    "",
    "```sh",
    `pulumi stack init ${stack}`,
    `cp ${folder}/Pulumi.${stack}.yaml . # keep the line 'encryptionsalt' or 'secretsprovider' of the one that is there`,
    ...secretCommands(found, client, platform),
    `pulumi import --file ${folder}/import.json --protect=false --generate-code=false --yes`,
    ...(component === undefined
      ? []
      : [
          "# Changes nothing: it puts the cluster's provider into the state, which no imported object has brought.",
          `pulumi up --target '${component}' --skip-preview --yes`,
        ]),
    ...(isImportable(adoption)
      ? []
      : ["# What `pulumi import` cannot put into the state as it should be, such as what holds a secret in plain text.", into]),
    "pulumi preview # updates and new objects; no replacement and no deletion",
    "pulumi up",
    "```",
  ];
}

function secretCommands({ secret, moreSecrets = [] }: FoundPlatform, { handsOutSecret }: FoundClient, platform: string): string[] {
  const all = [...(secret === undefined || handsOutSecret === true ? [] : [{ ...secret, config: `clients:${platform}` }]), ...moreSecrets];
  return [
    ...(all.length === 0 ? [] : ["# What is secret goes from the cluster into the stack's configuration, encrypted; it is shown nowhere."]),
    ...all.map((one) => `${secretCommand(one)} | pulumi config set --secret ${one.config}`),
  ];
}

function secretCommand(secret: FoundSecret): string {
  return "command" in secret
    ? secret.command
    : `kubectl --namespace ${secret.namespace} get secret ${secret.name} --output jsonpath='{.data.${secret.key}}' | base64 --decode`;
}

function leftByHand(adoption: Adoption): string[] {
  const { found, client, accepted, platform } = adoption;
  const { access, strangers, byHand } = adoption.held;
  const redirects = accepted === undefined ? [] : ownRedirects(accepted.environment, platform);
  const objects = [...new Set(access.held.map(({ binding }) => binding))].filter((object) => !adoption.people.objects.has(object));
  return [
    ...found.plainCopies,
    ...(found.plainCopies.length > 0 || found.secret === undefined
      ? []
      : ["After the first update, `gatehouse secret rotate` makes a fresh client secret."]),
    ...(found.byHand ?? []),
    ...(client.byHand ?? []),
    ...byHand.map(({ name, reason }) => `The account ${name}, which ${reason}, stays as it is, with all that it holds.`),
    ...keptAssignments(adoption),
    ...objects.map((object) => `${object}: ${ofBinding(adoption, object)}`),
    ...strangers.map(
      ({ name, bindings }) =>
        `${bindings.join(", ")}: names ${name}, whom the identity provider does not know; it gives nobody of this platform anything. Delete it, unless it is the name of a certificate or of another system.`,
    ),
    ...client.redirectUris
      .filter((uri) => !redirects.includes(uri))
      .map((uri) => `The redirect ${uri} goes with the first update: the platform does not use it.`),
  ];
}

/** Groups that go on signing in, although no grant says so. */
function keptAssignments({ client, groups }: Adoption): string[] {
  const granted = new Set(Object.values(groups).map(({ id }) => id));
  return (client.keepsAssignments ? (client.assigned ?? []) : [])
    .filter(({ id }) => !granted.has(id))
    .map(
      ({ name }) =>
        `The group '${name}' is assigned to the client and stays so: its members may sign in. The stack assigns the people with a grant by themselves; take the group's assignment away once it is no longer needed.`,
    );
}

function ofBinding({ held: { access }, found, keepsUserNames }: Adoption, object: string): string {
  const own = access.left.filter(({ binding }) => binding === object).map(({ subject }) => subjectKey(subject));
  const isOutdated = access.held.some(
    ({ binding, subject }) => binding === object && !(subject.kind === "Group" ? found.prefixes.keepsGroup : keepsUserNames),
  );
  const named = `\`gatehouse drift\` names it until then${isOutdated ? ": its names reach nobody of this platform any more" : ""}.`;
  return own.length === 0
    ? `the stack's own bindings give the same; delete it once they are there. ${named}`
    : `gives ${own.join(", ")} what no grant says; it stays. ${named}`;
}

function namesChange({ held, found, keepsUserNames }: Adoption): boolean {
  return (held.groups.size > 0 && !found.prefixes.keepsGroup) || (held.people.size > 0 && !keepsUserNames);
}
