import { stringify } from "yaml";
import { compareText } from "../../text/stable-order";
import type { IdentityRule } from "../definition";

/** One OpenID issuer as an API server is told about it. */
export interface TrustedIssuer extends IdentityRule {
  /** Byte for byte the `iss` of the tokens; https. */
  readonly issuer: string;
  /** Client ids; a token with any of them in `aud` is accepted. */
  readonly audiences: readonly string[];
  /** PEM of the authority behind the issuer's TLS certificate; left out, the API server's own authorities count. */
  readonly certificateAuthority?: string;
  /** Claims that a token must have with these values, such as `typ: ID` where other tokens of the issuer name the same audience. */
  readonly requiredClaims?: Readonly<Record<string, string>>;
  /** `object`: the groups claim is an object, whose keys are the groups. Left out: a list, or one text. */
  readonly groupsShape?: string;
}

/**
 * An AuthenticationConfiguration (apiserver.config.k8s.io/v1, Kubernetes 1.34 and later) for one issuer, as YAML with sorted keys.
 *
 * Nothing in that file has a default (kubernetes.io/docs/reference/access-authn-authz/authentication, "claimMappings"), so claims and prefixes are always written. The
 * validation rules refuse Kubernetes' own names whatever the prefix is: with an empty one, a group `system:masters` at the
 * identity provider would otherwise own the cluster. Exclusive with the flags of {@link apiServerFlags}.
 */
export function authenticationConfiguration(trusted: TrustedIssuer): string {
  requireAudiences(trusted);
  const { issuer, certificateAuthority, username } = trusted;
  const configuration = {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthenticationConfiguration",
    jwt: [
      {
        issuer: {
          url: issuer,
          audiences: sortedAudiences(trusted),
          // Required from the second audience on, and the only policy there is.
          audienceMatchPolicy: "MatchAny",
          ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
        },
        claimMappings: { username: { ...username }, groups: groupsMapping(trusted) },
        ...(requiredClaims(trusted).length === 0
          ? {}
          : { claimValidationRules: requiredClaims(trusted).map(([claim, requiredValue]) => ({ claim, requiredValue })) }),
        userValidationRules: [
          { expression: "!user.username.startsWith('system:')", message: "user names beginning with system: belong to Kubernetes" },
          {
            expression: "user.groups.all(group, !group.startsWith('system:'))",
            message: "group names beginning with system: belong to Kubernetes",
          },
        ],
      },
    ],
  };
  return stringify(configuration, { sortMapEntries: true, lineWidth: 0 });
}

/**
 * The same trust as flags of kube-apiserver, for clusters whose control plane takes no file. They know one audience only and no
 * validation rules: the prefix alone keeps `system:` names away, so none may be empty.
 *
 * @param certificateAuthorityFile where the authority's certificate lies on the control plane
 */
export function apiServerFlags(trusted: TrustedIssuer, certificateAuthorityFile: string): string[] {
  requireAudiences(trusted);
  const { issuer, certificateAuthority, username, groups } = trusted;
  if (username.prefix === "" || groups.prefix === "") {
    throw new Error("kube-apiserver flags: expected non-empty prefixes for users and groups, got an empty one. Fix: write a prefix.");
  }
  return [
    `--oidc-issuer-url=${issuer}`,
    `--oidc-client-id=${sortedAudiences(trusted)[0] ?? ""}`,
    `--oidc-username-claim=${username.claim}`,
    `--oidc-username-prefix=${username.prefix}`,
    ...(groups.claim === "" ? [] : [`--oidc-groups-claim=${groups.claim}`, `--oidc-groups-prefix=${groups.prefix}`]),
    "--oidc-signing-algs=RS256",
    ...requiredClaims(trusted).map(([claim, value]) => `--oidc-required-claim=${claim}=${value}`),
    ...(certificateAuthority === undefined ? [] : [`--oidc-ca-file=${certificateAuthorityFile}`]),
  ];
}

/**
 * A claim that is an object fails the whole sign-in as a claim, and works as an expression that gives its keys; without the optional
 * index, nobody without the claim could sign in (kube-apiserver 1.36.3).
 */
function groupsMapping({ groups, groupsShape }: TrustedIssuer): Record<string, string> {
  return groupsShape === "object"
    ? { expression: `dyn(claims[?${JSON.stringify(groups.claim)}].orValue({})).map(group, ${JSON.stringify(groups.prefix)} + group)` }
    : groups.claim === ""
      ? { expression: "[]" }
      : { ...groups };
}

function requiredClaims({ requiredClaims: required = {} }: TrustedIssuer): [string, string][] {
  return Object.entries(required).sort(([left], [right]) => compareText(left, right));
}

function sortedAudiences({ audiences }: TrustedIssuer): string[] {
  return [...new Set(audiences)].sort(compareText);
}

function requireAudiences({ audiences, issuer }: TrustedIssuer): void {
  if (audiences.length === 0 || audiences.includes("")) {
    throw new Error(`Trust in ${issuer}: expected at least one client id and none empty, got ${JSON.stringify(audiences)}.`);
  }
}
