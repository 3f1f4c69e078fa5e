import { stringify } from "yaml";

/** One OpenID issuer that the API server trusts, and how its claims become a Kubernetes user. */
export interface TrustedIssuer {
  /** Exactly the `iss` of the tokens, `https://` included. */
  readonly issuer: string;
  /** Client ids; a token with any of them in `aud` is accepted. */
  readonly audiences: readonly string[];
  /** PEM of the authority behind the issuer's TLS certificate. @default the system's authorities */
  readonly ca?: string;
  readonly usernameClaim: string;
  /** Put before the user name as it is. `""` means none; `-`, which means none to the old flags, is a dash here. */
  readonly usernamePrefix: string;
  /** @default no groups */
  readonly groupsClaim?: string;
  /** @default "" */
  readonly groupsPrefix?: string;
}

/**
 * The text of an `AuthenticationConfiguration` (apiserver.config.k8s.io/v1) as YAML with sorted keys.
 *
 * The API server accepts an issuer only once (a duplicate fails the whole file), while two platforms behind one IdP are two
 * audiences of it: entries that agree in everything but their audiences become one. Entries for one issuer that disagree
 * cannot be expressed and are an error. No issuer at all is allowed: one can be added while the server runs.
 */
export function authenticationConfiguration(issuers: readonly TrustedIssuer[]): string {
  const byIssuer = new Map<string, TrustedIssuer>();
  issuers.forEach((entry, index) => {
    check(entry, `issuers[${index}]`);
    const earlier = byIssuer.get(entry.issuer);
    if (earlier !== undefined && rulesOf(earlier) !== rulesOf(entry)) {
      throw new Error(
        `issuers[${index}]: expected the same ca, claims and prefixes as the earlier entry for ${entry.issuer}, got others; ` +
          "the API server can read one issuer's tokens in one way only",
      );
    }
    byIssuer.set(entry.issuer, { ...entry, audiences: [...new Set([...(earlier?.audiences ?? []), ...entry.audiences])].sort() });
  });
  const jwt = [...byIssuer.values()].sort((a, b) => (a.issuer < b.issuer ? -1 : 1)).map(jwtAuthenticator);
  return stringify(
    { apiVersion: "apiserver.config.k8s.io/v1", kind: "AuthenticationConfiguration", jwt },
    { sortMapEntries: true, lineWidth: 0 },
  );
}

function check(entry: TrustedIssuer, path: string): void {
  if (!entry.issuer.startsWith("https://")) {
    throw new Error(`${path}.issuer: expected an https URL, got '${entry.issuer}'; the API server refuses any other`);
  }
  if (entry.audiences.length === 0 || entry.audiences.includes("")) {
    throw new Error(`${path}.audiences: expected at least one client id and none empty, got ${JSON.stringify(entry.audiences)}`);
  }
  if (entry.usernameClaim === "") {
    throw new Error(`${path}.usernameClaim: expected the name of a claim, got an empty text`);
  }
}

function rulesOf(entry: TrustedIssuer): string {
  return JSON.stringify([entry.ca, entry.usernameClaim, entry.usernamePrefix, entry.groupsClaim, entry.groupsPrefix ?? ""]);
}

function jwtAuthenticator(entry: TrustedIssuer): object {
  return {
    issuer: {
      url: entry.issuer,
      audiences: entry.audiences,
      // Required as soon as there are two audiences, and the only policy there is.
      audienceMatchPolicy: "MatchAny",
      ...(entry.ca === undefined ? {} : { certificateAuthority: entry.ca }),
    },
    claimMappings: {
      username: { claim: entry.usernameClaim, prefix: entry.usernamePrefix },
      // A claim without a prefix, even an empty one, is refused by the API server.
      ...(entry.groupsClaim === undefined ? {} : { groups: { claim: entry.groupsClaim, prefix: entry.groupsPrefix ?? "" } }),
    },
  };
}
