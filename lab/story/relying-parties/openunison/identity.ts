/** How OpenUnison maps claims to a person, and how its proxy makes a Kubernetes identity of that. Pure. */
import type { Identity } from "../cluster-api";
import { SignInRefusal } from "../page-server";

/** A line of the chain's `map`. */
export interface Mapping {
  readonly target: string;
  readonly kind: "composite" | "user";
  readonly source: string;
}

/** How kube-oidc-proxy reads OpenUnison's own tokens: the flags of kube-apiserver, legacy defaults included. */
export interface ProxyConfiguration {
  readonly issuer: string;
  readonly usernameClaim: string;
  readonly usernamePrefix: string;
  readonly groupsPrefix: string;
}

/** Attributes of a person by name, each with its values. */
export type Attributes = Readonly<Record<string, readonly string[]>>;

/** The `map` mechanism: `composite` fills `${claim}` into a text, `user` takes all values of a claim. */
export function mapClaims(claims: Readonly<Record<string, unknown>>, mappings: readonly Mapping[]): Attributes {
  return Object.fromEntries(
    mappings.map(({ target, kind, source }) => [
      target,
      kind === "user"
        ? valuesOf(claims[source])
        : [source.replace(/\$\{([^}]*)\}/g, (_all, claim: string) => valuesOf(claims[claim])[0] ?? "")],
    ]),
  );
}

/**
 * The token that k8sIdp would issue says `sub` and `groups`; the proxy adds its prefixes and acts as that person.
 * @throws SignInRefusal without a name: its token would have none (OpenUnison/openunison-k8s#47, #172)
 */
export function impersonatedIdentity(attributes: Attributes, proxy: ProxyConfiguration): Identity {
  const uid = attributes["uid"]?.[0] ?? "";
  if (uid === "") {
    throw new SignInRefusal("expected a claim for uid, got an empty one");
  }
  return {
    username: proxy.usernamePrefix + uid,
    groups: (attributes["memberOf"] ?? []).map((name) => proxy.groupsPrefix + name),
  };
}

function valuesOf(claim: unknown): string[] {
  const list: unknown[] = Array.isArray(claim) ? claim : claim === undefined || claim === null ? [] : [claim];
  return list.filter((value): value is string => typeof value === "string");
}
