import { compareText, identityProviderOfKind, type EnvironmentDocument } from "../../model";
import { administers } from "./people";
import { unknownUntilUp, type EnginePlan, type FactChange, type PlannedResource } from "./types";

type Document = EnvironmentDocument;
type Platform = Document["platforms"][string];
type KnownAccount = NonNullable<Document["serviceAccounts"]>[number];

/** Redirect URIs that come or go, each on a line of its own. */
export function redirectChanges(before: Document | undefined, after: Document): FactChange[] {
  return platformNames(before, after).flatMap((platform) =>
    (
      [
        ["redirect URI", "redirectUris"],
        ["sign-out redirect URI", "postLogoutRedirectUris"],
      ] as const
    )
      .flatMap(([what, key]) => listChanges(platform, what, before?.platforms[platform]?.[key], after.platforms[platform]?.[key]))
      .concat(listChanges(platform, "redirect URI of gatehouse login", loopback(before, platform), loopback(after, platform))),
  );
}

function loopback(document: Document | undefined, platform: string): string[] {
  const uri = document?.platforms[platform]?.diagnosticRedirect?.uri;
  return uri === undefined ? [] : [uri];
}

/** What decides how a token becomes an identity. A platform that comes or goes has no changes of its own. */
export function claimChanges(before: Document | undefined, after: Document): FactChange[] {
  if (before === undefined) {
    return [];
  }
  // A filter that names the granted groups follows from the grants, which are told themselves.
  const granted = (document: Document, name: string): string =>
    JSON.stringify(
      [
        ...new Set(
          document.access.flatMap(({ platform, group }) => (platform === name ? [document.groups[group]?.displayName ?? group] : [])),
        ),
      ].sort(compareText),
    );
  const bound = (name: string, platform: Platform): [string, string][] =>
    granted(before, name) === granted(after, name) ? [["groups in the token", platform.groupBound]] : [];
  const facts = (platform: Platform): [string, string][] => [
    ["issuer", platform.issuer],
    ["username", `${platform.username.prefix}<${platform.username.claim}>`],
    ["groups", platform.groups.claim === "" ? "not read" : `${platform.groups.prefix}<${platform.groups.claim}>`],
    ["groups read from", platform.groupsFrom],
    ["scopes", platform.scopes.join(" ")],
    ["grant types", platform.grantTypes.join(" ")],
  ];
  const ofPlatforms = platformNames(before, after).flatMap((name) => {
    const [old, now] = [before.platforms[name], after.platforms[name]];
    return old === undefined || now === undefined
      ? []
      : pairChanges(name, [...facts(old), ...bound(name, old)], [...facts(now), ...bound(name, now)]);
  });
  const values = Object.keys(after.groups).flatMap((key) => {
    const [old, now] = [before.groups[key]?.claimValue, after.groups[key]?.claimValue];
    return old === undefined || now === undefined
      ? []
      : pairChanges(null, [[`claim value of group '${key}'`, old]], [[`claim value of group '${key}'`, now]]);
  });
  return [...ofPlatforms, ...accountChanges(before, after), ...authorityChanges(before, after), ...values];
}

/** Programs whose roles the stack knows: one more is access that drift says nothing about any longer. */
function accountChanges(before: Document, after: Document): FactChange[] {
  const known = ({ serviceAccounts = [] }: Document, name: string): [string, string][] =>
    serviceAccounts
      .filter(({ platform }) => platform === name)
      .map((entry) => [accountFact(entry), entry.until === null ? "known, without an end" : `known until ${entry.until}`]);
  return platformNames(before, after).flatMap((name) => pairChanges(name, known(before, name), known(after, name)));
}

/** What a change of it is called, for each account, role and places once. */
function accountFact({ account, role, namespaces }: KnownAccount): string {
  const places = namespaces === undefined ? "" : ` in ${namespaces.join(", ")}`;
  return `service account ${account.namespace}/${account.name} as ${role}${places}`;
}

function authorityChanges({ identityProvider: before }: Document, { identityProvider: after }: Document): FactChange[] {
  const [old, now] = [before.certificateAuthorityEnds ?? null, after.certificateAuthorityEnds ?? null];
  return old === now ? [] : [{ platform: null, what: "end of the authority behind the issuer's certificate", before: old, after: now }];
}

/** Facts about tokens that decide which person, or which group, a grant reaches. */
const deciding = ["issuer", "username", "groups", "groups read from"];

/** Choices of platforms that hand administration to people whom no grant names; test/reports holds them to the model. */
const administeringChoice = /^([^:]+): insecure(?:ChartAdminGroups|AutoTakesOverAccounts)\b/;

/** What gives or moves administration beside the grants: `administers` tells whether somebody holds an administering role there. */
export interface Decider {
  readonly platform: string;
  readonly administers: boolean;
  readonly text: string;
}

/** Changes after which the same grants reach other people, and choices that need no grant at all. */
export function deciderChanges(claims: readonly FactChange[], risks: readonly string[], after: Document): Decider[] {
  const administered = (platform: string): boolean => after.access.some((grant) => grant.platform === platform && administers(grant.role));
  const moved = claims.flatMap(({ platform, what, before: was, after: is }): Decider[] =>
    platform === null || !deciding.includes(what)
      ? []
      : [
          {
            platform,
            administers: administered(platform),
            text:
              what === "issuer"
                ? `Sign-in to '${platform}' moves to another issuer, ${is ?? "none"} (so far ${was ?? "none"}): people and groups of the same name may be others there.`
                : `Whom grants on '${platform}' reach is decided otherwise: ${what} ${was ?? "none"} -> ${is ?? "none"}.`,
          },
        ],
  );
  const programs = claims.flatMap(({ platform: on, what, after: is }): Decider[] => {
    const known = after.serviceAccounts?.find((entry) => entry.platform === on && accountFact(entry) === what);
    if (known === undefined || is === null) {
      return [];
    }
    const { platform, account, role } = known;
    const text = `Service account ${account.namespace}/${account.name} may hold '${role}' on '${platform}', ${is}; whoever runs it binds it.`;
    return [{ platform, administers: administers(role), text }];
  });
  const handed = risks.flatMap((risk): Decider[] => {
    const platform = administeringChoice.exec(risk)?.[1];
    return platform === undefined
      ? []
      : [{ platform, administers: true, text: `Administration of '${platform}' is handed out beside the grants: ${risk}` }];
  });
  return [...moved, ...programs, ...handed];
}

/** Charts that come, go or change. */
export function chartChanges(before: Document | undefined, after: Document): FactChange[] {
  const release = (platform: Platform | undefined): [string, string][] => {
    const installed = platform?.release;
    return installed === undefined
      ? []
      : [["chart", `${installed.chart} ${installed.version} as ${installed.namespace}/${installed.release}`]];
  };
  return platformNames(before, after).flatMap((name) => [
    ...pairChanges(name, release(before?.platforms[name]), release(after.platforms[name])),
    ...chartSourceChanges(name, before?.platforms[name], after.platforms[name]),
  ]);
}

/** Where charts come from, and the stack's own values by their paths: never what stands there. A platform that comes has no changes of its own. */
function chartSourceChanges(name: string, before: Platform | undefined, after: Platform | undefined): FactChange[] {
  if (before?.charts === undefined || after?.charts === undefined) {
    return [];
  }
  const told = after.release?.chart;
  const sources = ({ charts = [] }: Platform): [string, string][] =>
    charts.flatMap(({ release, version, source }): [string, string][] => [
      [`source of chart ${release}`, source],
      // The main chart's version is told with its release.
      ...(release === after.release?.release || release === told ? [] : [[`version of chart ${release}`, version] as [string, string]]),
    ]);
  const values = ({ charts = [] }: Platform): [string, string][] =>
    charts.flatMap(({ values: own }) => Object.entries(own).map(([path, digest]): [string, string] => [`value ${path}`, digest]));
  const [old, now] = [new Map(values(before)), new Map(values(after))];
  const changed = [...new Set([...old.keys(), ...now.keys()])].sort(compareText).filter((path) => old.get(path) !== now.get(path));
  return [
    ...pairChanges(name, sources(before), sources(after)),
    ...changed.map((what): FactChange => ({
      platform: name,
      what,
      before: old.has(what) ? "set" : null,
      after: now.has(what) ? (old.has(what) ? "set otherwise" : "set") : null,
    })),
  ];
}

/** What the engine says of a release where the deployed document, of an earlier version, does not know where its charts came from. */
export function plannedChartChanges(before: Document | undefined, after: Document, plan: EnginePlan): FactChange[] {
  const names = platformNames(before, after);
  return plan.resources
    .filter(({ type, operation }) => type.endsWith(":Release") && (operation === "update" || operation === "replace"))
    .flatMap(({ name, properties }) => {
      const platform = ownerOf(name, names);
      const known = platform === null ? undefined : before?.platforms[platform]?.charts;
      return known !== undefined
        ? []
        : properties.map((path): FactChange => ({ platform, what: `${path} of ${name}`, before: "as deployed", after: "as planned" }));
    });
}

/** Client secrets that are made or end, from the engine's plan; their dates, from the documents. Never a value. */
export function secretChanges(before: Document | undefined, after: Document, plan: EnginePlan): FactChange[] {
  const names = platformNames(before, after);
  const types = identityProviderOfKind(after.identityProvider.kind)?.clientSecretTypes ?? [];
  const made = plan.resources
    .filter(({ type }) => types.includes(type))
    .flatMap((resource) => secretChange(resource, ownerOf(resource.name, names)));
  const dates = (platform: Platform | undefined): [string, string][] =>
    platform?.secret === undefined
      ? []
      : [
          ["client secret valid until", platform.secret.expiresAt ?? "no end"],
          ["client secret rotates from", platform.secret.rotatesAt ?? "by hand"],
        ];
  const dated = names.flatMap((name) => {
    const [old, now] = [before?.platforms[name], after.platforms[name]];
    return old === undefined || now === undefined ? [] : pairChanges(name, dates(old), dates(now));
  });
  return [...made, ...dated];
}

/** A secret that is replaced is one at a time; where several may stand beside each other, one ends when it is deleted. */
function secretChange({ operation, name }: PlannedResource, platform: string | null): FactChange[] {
  if (operation === "update") {
    return [];
  }
  const texts = {
    create: [null, `${name} is made`],
    replace: [`${name} ends with the update`, `${name} is made anew`],
    delete: [`${name} ends`, null],
  } as const;
  const [old, now] = texts[operation];
  return [{ platform, what: "client secret", before: old, after: now }];
}

/** The platform whose name a resource's name begins with; the longest, since one name may begin another. */
export function ownerOf(resource: string, platforms: readonly string[]): string | null {
  return [...platforms].sort((left, right) => right.length - left.length).find((name) => resource.startsWith(`${name}-`)) ?? null;
}

export function platformNames(before: Document | undefined, after: Document): string[] {
  return [...new Set([...Object.keys(before?.platforms ?? {}), ...Object.keys(after.platforms)])].sort(compareText);
}

function listChanges(platform: string, what: string, before: readonly string[] = [], after: readonly string[] = []): FactChange[] {
  const gone = before.filter((item) => !after.includes(item)).map((item): FactChange => ({ platform, what, before: item, after: null }));
  const come = after.filter((item) => !before.includes(item)).map((item): FactChange => ({ platform, what, before: null, after: item }));
  return [...gone, ...come];
}

function pairChanges(
  platform: string | null,
  before: readonly (readonly [string, string])[],
  after: readonly (readonly [string, string])[],
): FactChange[] {
  const [old, now] = [new Map(before), new Map(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((what) => {
    const [was, is] = [old.get(what) ?? null, now.get(what) ?? null];
    // What is not known yet is among the unknown things; it is not called a change.
    return was === is || is === unknownUntilUp ? [] : [{ platform, what, before: was, after: is }];
  });
}
