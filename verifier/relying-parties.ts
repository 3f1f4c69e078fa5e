import { effectiveUsername, type TokenRules, type DocumentPlatform, type EnvironmentDocument } from "../model";
import { signatureAlgorithms, type ApiServerRules, type JwtRules } from "./api-server/rules";

/** The rules that Gatehouse writes into an AuthenticationConfiguration (model/platforms/kubernetes/authentication.ts). */
const userRules: JwtRules["userRules"] = [
  { expression: "!user.username.startsWith('system:')", message: "user names beginning with system: belong to Kubernetes" },
  {
    expression: "user.groups.all(group, !group.startsWith('system:'))",
    message: "group names beginning with system: belong to Kubernetes",
  },
];

/**
 * How each way of reading tokens differs; the environment document says which one a platform has (`tokenRules`).
 * - authentication-configuration, flags: kube-apiserver, see api-server/.
 * - go-oidc: the auth service of Kasten K10 is closed source; its documentation describes the API server's rules.
 * - go-oidc-login: KubeSphere (kubesphere/kubesphere, pkg/apiserver/authentication/identityprovider/oidc/oidc.go, `IdentityExchange`)
 *   verifies with the library of the API server, then wants a text as `sub`, and takes the name from `name` where its claim is no text
 *   or empty. It looks neither at `email_verified` nor at groups, and takes the algorithms that discovery lists.
 * - token-endpoint: OpenUnison (TremoloSecurity/OpenUnison, LoadJWTFromAccessToken.java) reads the payload that the token endpoint
 *   answered and looks at nothing else. What the issuer never signed for this client cannot come from there; times do not count.
 */
const readers = {
  "authentication-configuration": { algorithms: signatureAlgorithms, userRules, literalPrefix: true },
  flags: { algorithms: ["RS256"], userRules: [], literalPrefix: false },
  "go-oidc": { algorithms: signatureAlgorithms, userRules: [], literalPrefix: false },
  "go-oidc-login": { algorithms: signatureAlgorithms, userRules: [], literalPrefix: false, login: { subject: true, otherName: "name" } },
  "token-endpoint": { algorithms: [...signatureAlgorithms, "EdDSA"], userRules: [], literalPrefix: false, login: {} },
} as const satisfies Record<TokenRules, Reader>;

interface Reader {
  readonly algorithms: readonly string[];
  readonly userRules: JwtRules["userRules"];
  readonly literalPrefix: boolean;
  readonly login?: JwtRules["login"];
}

/** Made once per platform: a verdict should cost little more than its signature. */
const made = new WeakMap<DocumentPlatform, ApiServerRules>();

/** The rules of one platform; without one, those that any platform of the environment shares: its issuer, and all their clients. */
export function rulesOfPlatform(document: EnvironmentDocument, platform: DocumentPlatform | undefined): ApiServerRules {
  const known = platform === undefined ? undefined : made.get(platform);
  if (known !== undefined) {
    return known;
  }
  const rules = rulesFor(document, platform);
  if (platform !== undefined) {
    made.set(platform, rules);
  }
  return rules;
}

function rulesFor(document: EnvironmentDocument, platform: DocumentPlatform | undefined): ApiServerRules {
  const writtenAs = platform?.tokenRules ?? "go-oidc";
  const { algorithms, userRules: rules, literalPrefix, login }: Reader = readers[writtenAs];
  const issuer = platform?.issuer ?? document.identityProvider.issuer;
  const { username, groups } = platform ?? { username: { claim: "sub", prefix: "-" }, groups: { claim: "", prefix: "" } };
  return {
    writtenAs,
    algorithms,
    notJudged:
      writtenAs === "go-oidc-login" ? ["whether discovery lists the algorithm that signed, of which the platform takes no other"] : [],
    issuers: [
      {
        issuer,
        certificateAuthority: platform?.issuerCertificateAuthority,
        audiences: platform === undefined ? Object.values(document.platforms).map(({ clientId }) => clientId) : [platform.clientId],
        username: {
          claim: username.claim,
          // The flags and K10 give two texts a meaning of their own; in the configuration's file a dash is a dash.
          prefix: literalPrefix ? username.prefix : effectiveUsername({ ...username, issuer, value: "" }),
        },
        // Names are put in place of ids before the prefix, where the platform looks them up.
        groups:
          groups.claim === "" ? undefined : { claim: groups.claim, prefix: platform?.groupsFrom === "directory" ? "" : groups.prefix },
        extra: [],
        claimRules: Object.entries(platform?.requiredClaims ?? {}).map(([claim, requiredValue]) => ({ claim, requiredValue })),
        userRules: rules,
        ...(login === undefined ? {} : { login }),
      },
    ],
  };
}
