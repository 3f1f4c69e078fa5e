import { describeReceived, type Problem } from "../../text/problems";
import type { DescribedGroup, DescribedPlatform } from "../definition";
import type { Preset } from "./presets";

interface Written {
  readonly clients: Readonly<Record<string, { readonly secret?: unknown }>>;
  readonly clientAuthentication?: string;
}

interface Carried {
  readonly claim: string;
  readonly shape: "list" | "list-or-text" | "object";
}

/** The stack makes nothing at the identity provider, and so no group. */
export function externalGroupProblems(groups: Readonly<Record<string, DescribedGroup>>): Problem[] {
  return Object.entries(groups).flatMap(([key, { displayName }]): Problem[] =>
    displayName === undefined
      ? []
      : [
          {
            path: [key, "displayName"],
            expected: "existing: the stack makes no groups at an external identity provider",
            received: describeReceived(displayName, []),
            fix: "make the group there, and write existing with the value that tokens carry for it",
          },
        ],
  );
}

/** What does not fit between the clients that are there and the platforms of the stack. */
export function externalPlatformProblems(
  spec: Written,
  groups: Carried | undefined,
  preset: Preset | undefined,
  platforms: Readonly<Record<string, DescribedPlatform>>,
): Problem[] {
  const stray = Object.keys(spec.clients)
    .filter((name) => platforms[name] === undefined)
    .map((name) => ({
      path: ["idp", "clients", name],
      expected: `a key of gatehouse:platforms (${Object.keys(platforms).join(", ")})`,
      received: describeReceived(name, []),
    }));
  return [...stray, ...Object.entries(platforms).flatMap(([name, platform]) => problemsOf(spec, groups, preset, name, platform))];
}

function problemsOf(
  spec: Written,
  groups: Carried | undefined,
  preset: Preset | undefined,
  name: string,
  platform: DescribedPlatform,
): Problem[] {
  return [
    ...clientProblems(spec, name, platform),
    ...groupProblems(groups, preset, name, platform),
    ...scopeProblems(preset, name, platform),
  ];
}

function clientProblems(spec: Written, name: string, { requirements }: DescribedPlatform): Problem[] {
  const path = ["idp", "clients", name];
  const client = spec.clients[name];
  const isPublic = requirements.clientAuthentication === "none";
  if (client === undefined) {
    return [
      {
        path,
        expected: "the client that was made for this platform at the identity provider",
        received: "nothing",
        fix: `write clients: { ${name}: { clientId: ...${isPublic ? "" : `, secret: { config: clients:${name} }`} } }; gatehouse checklist prints what the client needs`,
      },
    ];
  }
  if (isPublic === (client.secret === undefined)) {
    const needed = spec.clientAuthentication;
    return isPublic || needed === undefined || needed === requirements.clientAuthentication
      ? []
      : [
          {
            path: ["idp", "clientAuthentication"],
            expected: `${requirements.clientAuthentication}, in which '${name}' sends its client secret`,
            received: describeReceived(needed, []),
            fix: "set it so at the identity provider, and here",
          },
        ];
  }
  return [
    isPublic
      ? { path: [...path, "secret"], expected: "it left out: the platform's client keeps no secret", received: "a reference" }
      : {
          path: [...path, "secret"],
          expected: "a reference to the client secret",
          received: "nothing",
          fix: `write secret: { config: clients:${name} }`,
        },
  ];
}

function groupProblems(groups: Carried | undefined, preset: Preset | undefined, name: string, platform: DescribedPlatform): Problem[] {
  const path = (position: number): (string | number)[] => ["platforms", name, "access", position, "group"];
  const granted = platform.access.map((grant, position) => ({ ...grant, position })).filter(({ group }) => group !== undefined);
  if (groups === undefined) {
    const title = preset?.title ?? "this issuer";
    return granted.map(({ group, position }) => ({
      path: path(position),
      expected: `an issuer whose tokens carry groups: those of ${title} carry none`,
      received: describeReceived(group, []),
      fix: "grant to single people (user:, with their sub in idp.people); or put Dex, Keycloak or authentik in between, keep the groups there, and name that issuer",
    }));
  }
  return groups.shape === "object" && !platform.readsGroupObjects && platform.authorises === "kubernetes-rbac"
    ? granted.slice(0, 1).map(({ group, position }) => ({
        path: path(position),
        expected: `a claim that lists groups: this platform cannot read ${groups.claim}, an object whose keys are the groups`,
        received: describeReceived(group, []),
        fix: "let the identity provider put a list into a claim of another name, and write idp.groups.claim and shape: list",
      }))
    : [];
}

/** A scope that the issuer does not know fails every sign-in. */
function scopeProblems(preset: Preset | undefined, name: string, { requirements }: DescribedPlatform): Problem[] {
  if (preset === undefined || !requirements.scopes.includes("offline_access") || preset.refreshScope === "offline_access") {
    return [];
  }
  return [
    {
      path: ["platforms", name],
      expected: `no refresh by the scope offline_access, which ${preset.title} does not have`,
      received: "refresh, with the scope offline_access",
      fix: "leave refresh out",
    },
  ];
}
