/** The two ways from OpenUnison to the API server: a proxy that acts as the person, or a token of OpenUnison's own. */
import { z } from "zod";
import { askApiServer, type Decision, type questionSchema } from "../access-questions";
import { clusterApi, type ClusterApi, type Identity } from "../cluster-api";
import { namespace, type PortalConfiguration } from "./configuration";
import { SignInRefusal } from "../page-server";
import { impersonatedIdentity, type Attributes } from "./identity";
import { tokenIssuer, withDiscoveryAt } from "./issuer";
import type { RelyingPartySurroundings } from "../contract";

export interface OpenUnisonSurroundings extends RelyingPartySurroundings {
  /** The AuthenticationConfiguration that the stack exported, with direct trust. */
  readonly exportedTrust?: string;
}

export interface Access {
  /** Who the mapped person is to the API server. */
  identify(person: Attributes): Promise<Identity>;
  ask(session: Identity, question: z.output<typeof questionSchema>): Promise<Decision>;
  /** What the portal publishes at a path, beside its pages. */
  document(path: string): unknown;
}

/** The proxy acts with its own service account, so what the charts let it impersonate counts, not what the lab may do. */
export async function impersonation(
  api: ClusterApi,
  proxy: NonNullable<PortalConfiguration["proxy"]>,
  kubeconfigPath: string,
): Promise<Access> {
  const asProxy = clusterApi(kubeconfigPath, await serviceAccountToken(api, proxy.serviceAccount));
  return {
    // A refusal becomes a rejection.
    identify: (person) => new Promise((resolve) => resolve(impersonatedIdentity(person, proxy))),
    ask: (session, question) => askApiServer(asProxy, session, question),
    document: () => undefined,
  };
}

const reviewSchema = z.object({
  status: z.object({ userInfo: z.object({ username: z.string(), groups: z.array(z.string()).default([]) }) }),
});
const decisionSchema = z.object({ status: z.object({ allowed: z.boolean(), reason: z.string().default("") }) });

/**
 * OpenUnison issues a token, and the API server judges it by the configuration that the stack exported. Who the person is, is the API
 * server's word; each question comes with a new token, as kubectl would have fetched one.
 */
export async function directAccess(origin: string, address: string, surroundings: OpenUnisonSurroundings): Promise<Access> {
  const { exportedTrust, kubeconfigPath } = surroundings;
  if (exportedTrust === undefined) {
    throw new Error("OpenUnison with direct trust: expected authentication-configuration.yaml in the environment document, got none.");
  }
  const below = "/auth/idp/k8sIdp";
  const issuer = await tokenIssuer(`${origin}${below}`, `https://${address}${below}`);
  const people = new Map<string, Attributes>();
  // Not awaited here: the API server reads the discovery document first, which this very server answers.
  const trusted = surroundings.trust(withDiscoveryAt(exportedTrust, `https://${address}${below}/.well-known/openid-configuration`));
  trusted.catch(() => undefined);
  const post = async (person: Attributes, path: string, body: unknown): Promise<string> => {
    await trusted;
    const answer = await clusterApi(kubeconfigPath, await issuer.issue(person)).callAsSelf("POST", path, body);
    if (answer.status !== 201) {
      throw new SignInRefusal(`the API server does not accept OpenUnison's token (status ${answer.status})`);
    }
    return answer.body;
  };
  return {
    async identify(person) {
      const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
      const body = await post(person, "/apis/authentication.k8s.io/v1/selfsubjectreviews", review);
      const { username, groups } = reviewSchema.parse(JSON.parse(body)).status.userInfo;
      people.set(username, person);
      return { username, groups: groups.filter((group) => group !== "system:authenticated") };
    },
    async ask(session, question) {
      const review = {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectAccessReview",
        spec: { resourceAttributes: question },
      };
      const person = people.get(session.username) ?? {};
      return decisionSchema.parse(JSON.parse(await post(person, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review))).status;
    },
    document: (path) => (path.startsWith(`${below}/`) ? issuer.answer(path.slice(below.length)) : undefined),
  };
}

async function serviceAccountToken(api: ClusterApi, name: string): Promise<string> {
  const answer = await api.callAs(
    { username: "gatehouse-lab-admin", groups: ["system:masters"] },
    "POST",
    `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 3600 } },
  );
  if (answer.status !== 201) {
    throw new Error(`ServiceAccount ${name}: expected a token (201), got status ${answer.status}.`);
  }
  return z.object({ status: z.object({ token: z.string() }) }).parse(JSON.parse(answer.body)).status.token;
}
