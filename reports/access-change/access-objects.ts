import type { EnvironmentDocument } from "../../model";
import { ownerOf, platformNames } from "./facts";
import type { AccessLine, EndChange, PlannedResource } from "./types";

type Document = EnvironmentDocument;

/** Objects that give access themselves: assignments, memberships and bindings of every provider. */
const accessObject = /(Binding|Memberships?|GroupMember|Assignments?)$/;

/** What happens to access beside the grants: an object that gives it is put back, made again or replaced. */
export interface AccessObjectChange {
  readonly kind: "undone" | "lockout";
  readonly resource: string;
  readonly text: string;
}

/** What the two documents say changes, so that the plan may touch the objects for it. */
interface Told {
  readonly gains: readonly AccessLine[];
  readonly losses: readonly AccessLine[];
  readonly ends: readonly EndChange[];
}

/**
 * Changes of access objects that no grant explains. A plan that touches them says that the vendor, or the cluster, has something else
 * than what was declared: somebody changed it by hand.
 */
export function accessObjectChanges(
  before: Document | undefined,
  after: Document,
  told: Told,
  resources: readonly PlannedResource[],
): AccessObjectChange[] {
  if (before === undefined) {
    return [];
  }
  const names = platformNames(before, after);
  const restored = resources.flatMap(({ name, restores = [] }) =>
    restores.map((line): AccessObjectChange => ({
      kind: "undone",
      resource: name,
      text: `${line}: changed by hand, undone by this update.`,
    })),
  );
  const touched = resources
    .filter(({ type }) => accessObject.test(type))
    .flatMap((resource) => {
      const platform = ownerOf(resource.name, names);
      const comesOrGoes = platform !== null && (before.platforms[platform] === undefined || after.platforms[platform] === undefined);
      return comesOrGoes ? [] : changeOf(resource, platform, explained(resource, platform, before, after, told));
    });
  return [...restored, ...touched, ...staleCertificates(before, after)];
}

/** A platform that made its certificate once does not make it again for a host that comes: nobody could open that one. */
function staleCertificates(before: Document, after: Document): AccessObjectChange[] {
  return Object.entries(after.platforms).flatMap(([platform, { ownCertificate: made }]): AccessObjectChange[] => {
    const had = before.platforms[platform]?.ownCertificate;
    const missing = had === undefined ? [] : (made?.hosts ?? []).filter((host) => !had.hosts.includes(host));
    return made === undefined || missing.length === 0
      ? []
      : [
          {
            kind: "lockout",
            resource: platform,
            text:
              `The certificate of '${platform}' was made once, and is not valid for ${missing.join(", ")}: nobody reaches that. ` +
              `Right before the update: kubectl delete secret ${made.secret.name} -n ${made.secret.namespace}; the update then has it made anew, and people fetch their kubeconfig again.`,
          },
        ];
  });
}

/** Whether the documents give a reason for an object of this platform, or of this group, to change. */
function explained(
  { name }: PlannedResource,
  platform: string | null,
  before: Document,
  after: Document,
  { gains, losses, ends }: Told,
): boolean {
  if (platform !== null) {
    return (
      [...gains, ...losses, ...ends].some((line) => line.platform === platform) || granted(before, platform) !== granted(after, platform)
    );
  }
  const keys = [...new Set([...Object.keys(before.groups), ...Object.keys(after.groups)])];
  const key = keys.filter((candidate) => name.includes(candidate)).sort((left, right) => right.length - left.length)[0];
  const group = (document: Document): string => JSON.stringify(key === undefined ? document.groups : (document.groups[key] ?? null));
  return group(before) !== group(after);
}

/** Whom the bindings of a platform name: another claim value changes them without a change of grants. */
function granted({ access }: Document, platform: string): string {
  return JSON.stringify(
    access.filter((grant) => grant.platform === platform).map(({ role, subject, bindings }) => [role, subject, bindings]),
  );
}

function changeOf(
  { operation, type, name, properties }: PlannedResource,
  platform: string | null,
  isExplained: boolean,
): AccessObjectChange[] {
  const [thing, where] = [`${type.split(":").at(-1) ?? type} ${name}`, platform === null ? "" : ` to '${platform}'`];
  switch (operation) {
    case "replace":
      return [
        {
          kind: "lockout",
          resource: name,
          text: `${thing} is replaced: people lose access${where} until it is made again, and are locked out while replaced.`,
        },
      ];
    case "create":
      return isExplained
        ? []
        : [
            {
              kind: "undone",
              resource: name,
              text: `${thing} is made again: it was deleted outside, and the access${where} that it gives is restored.`,
            },
          ];
    case "delete":
      return isExplained
        ? []
        : [
            {
              kind: "lockout",
              resource: name,
              text: `${thing} is deleted although no grant ends: people may be locked out${where === "" ? "" : ` of '${platform ?? ""}'`}.`,
            },
          ];
    case "update":
      return isExplained
        ? []
        : [
            {
              kind: "undone",
              resource: name,
              text: `${thing} is put back as declared: hand-made access${where} is undone${properties.length === 0 ? "" : ` (${properties.slice(0, 4).join(", ")})`}.`,
            },
          ];
    default:
      return operation satisfies never;
  }
}
