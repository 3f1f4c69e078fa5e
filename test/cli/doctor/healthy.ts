/** An environment, an identity provider and a cluster in which `gatehouse doctor` finds nothing wrong. */
import type { EnvironmentDocument } from "../../../model";
import { sampleDocument } from "../../fixtures/sample";
import { now } from "../../verifier/issuer";
import { clusterRole } from "../../verifier/rbac/objects";
import type { World } from "../harness";

export const issuer = "https://example.okta.com";
export const redirectUri = "https://k10.example.com/k10/auth-svc/v0/oidc/redirect";

/** The sample with K10 alone. */
export function patient(change: (document: EnvironmentDocument) => void = () => undefined): EnvironmentDocument {
  const document = sampleDocument();
  delete document.platforms["k10-dr"];
  document.access = document.access.filter(({ platform }) => platform === "k10");
  change(document);
  return document;
}

interface Provider {
  readonly issuer?: string;
  readonly status?: number;
  readonly date?: Date;
  /** Where the authorization endpoint sends people; undefined: status 400. */
  readonly location?: string;
}

/** An identity provider that answers discovery, and an authorization endpoint that knows who is not signed in. */
export const provider =
  ({ issuer: named = issuer, status = 200, date = now, location = `${redirectUri}?error=login_required` }: Provider): World["fetch"] =>
  (url) => {
    const headers = { date: date.toUTCString() };
    if (url === `${issuer}/.well-known/openid-configuration`) {
      return Promise.resolve(Response.json({ issuer: named, authorization_endpoint: `${issuer}/authorize` }, { status, headers }));
    }
    expect(url).toMatch(/^https:\/\/example\.okta\.com\/authorize\?client_id=0oa1k10&redirect_uri=.*&prompt=none/);
    return Promise.resolve(
      location === "" ? new Response("no", { status: 400 }) : new Response(null, { status: 302, headers: { location } }),
    );
  };

export const peer: NonNullable<World["tlsPeer"]> = () =>
  Promise.resolve({ trusted: true, reason: null, validTo: new Date(now.getTime() + 90 * 86_400_000) });

export const api = "/apis/rbac.authorization.k8s.io/v1";
const bindings = (document: EnvironmentDocument) =>
  document.access.flatMap((grant) =>
    grant.bindings.map((binding) => ({ ...binding, subjects: [{ kind: grant.subject.kind, name: grant.subject.name }] })),
  );
/** A cluster that is as the document says. */
export function cluster(document: EnvironmentDocument): Record<string, { status: number; body: unknown; date?: string }> {
  const objects = (kind: string) =>
    bindings(document)
      .filter((binding) => binding.kind === kind)
      .map(({ name, namespace, roleRef, subjects }) => ({ metadata: { name, namespace }, roleRef, subjects }));
  return {
    "/version": { status: 200, body: { major: "1", minor: "36", gitVersion: "v1.36.3" }, date: now.toUTCString() },
    [`${api}/clusterrolebindings`]: { status: 200, body: { items: objects("ClusterRoleBinding") } },
    [`${api}/rolebindings`]: { status: 200, body: { items: objects("RoleBinding") } },
    ...Object.fromEntries(
      ["k10-admin", "k10-basic", "k10-config-view"].map((name) => [
        `${api}/clusterroles/${name}`,
        { status: 200, body: clusterRole(name, []) },
      ]),
    ),
    [`${api}/namespaces/kasten-io/roles/k10-ns-admin`]: { status: 200, body: {} },
  };
}

/** An operator's Stack that goes no further. */
export const stalledStack = {
  metadata: { name: "production", namespace: "deploy" },
  status: { conditions: [{ type: "Stalled", status: "True", reason: "SourceUnavailable", message: "no such branch" }] },
};
