/** Reads from the cluster what the chart really rendered, the vendor's or the lab's, in versions 4.5 to 9.0. */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { ClusterApiError, type ClusterApi } from "../cluster-api";
import {
  deploymentSchema,
  kastenConfiguration,
  kastenDeployments,
  mountedSecrets,
  normalPrefix,
  prefixOfAuthService,
  type Deployment,
  type KastenConfiguration,
  type KastenDeployment,
} from "./configuration";
import { secretSchema, secretTexts } from "../secrets";

export interface KastenPlace {
  readonly namespace: string;
  readonly release: string;
}

/** What K10's pods hold from their start to their end. */
export interface KastenPods {
  readonly configuration: KastenConfiguration;
  /** `/k10` */
  readonly prefix: string;
  /** Pod template of each Deployment, as sorted JSON: a change of it is what rolls pods. */
  readonly templates: Readonly<Partial<Record<KastenDeployment, string>>>;
}

const gatewaySchema = z.object({ data: z.record(z.string(), z.string()).optional() });
const ingressListSchema = z.object({
  items: z.array(
    z.object({
      spec: z.object({
        rules: z.array(z.object({ http: z.object({ paths: z.array(z.object({ path: z.string().optional() })) }).optional() })).optional(),
      }),
    }),
  ),
});

/** Pod templates of the Deployments that read the sign-in configuration, as they are now. */
export async function podTemplates(api: ClusterApi, place: KastenPlace): Promise<KastenPods["templates"]> {
  return templatesOf(await readDeployments(api, place));
}

function templatesOf(deployments: KastenDeployments): KastenPods["templates"] {
  return Object.fromEntries(Object.entries(deployments).map(([name, deployment]) => [name, sortedJson(deployment.spec.template)]));
}

/**
 * Starts the pods, so to speak: reads the Deployments and the Secrets that they mount. An update may take an old Secret away between the
 * two readings, once its Deployments mount the next: then there are other pods to start.
 */
export async function startPods(api: ClusterApi, place: KastenPlace): Promise<KastenPods> {
  const deployments = await readDeployments(api, place);
  try {
    return await podsOf(api, place, deployments);
  } catch (error) {
    if (isDeepStrictEqual(await podTemplates(api, place), templatesOf(deployments))) {
      throw error;
    }
    return startPods(api, place);
  }
}

async function podsOf(api: ClusterApi, place: KastenPlace, deployments: KastenDeployments): Promise<KastenPods> {
  const auth = deployments["auth-svc"];
  const secrets = mountedSecrets(auth);
  const configuration = await readSecret(api, place, secrets.configuration);
  const credentials = secrets.credentials === undefined ? undefined : await readSecret(api, place, secrets.credentials);
  const source = `Secret ${place.namespace}/${[secrets.configuration, secrets.credentials].filter(Boolean).join(" with ")}`;
  return {
    configuration: kastenConfiguration(configuration, credentials, source),
    prefix: normalPrefix(await readPrefix(api, place, auth)),
    templates: templatesOf(deployments),
  };
}

type KastenDeployments = Readonly<Partial<Record<KastenDeployment, Deployment>>> & { readonly "auth-svc": Deployment };

/** Those of {@link kastenDeployments} that the chart made: 4.5 has no controllermanager-svc. Without auth-svc nobody signs in. */
async function readDeployments(api: ClusterApi, { namespace }: KastenPlace): Promise<KastenDeployments> {
  const read = (name: KastenDeployment): Promise<Deployment> =>
    api.get(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`, deploymentSchema);
  const [auth, ...others] = await Promise.all([
    read("auth-svc"),
    ...kastenDeployments.filter((name) => name !== "auth-svc").map(async (name) => [name, await orUndefined(read(name))] as const),
  ]);
  return { "auth-svc": auth, ...Object.fromEntries(others.filter(([, deployment]) => deployment !== undefined)) };
}

async function readSecret(api: ClusterApi, { namespace }: KastenPlace, name: string): Promise<Record<string, string>> {
  try {
    return secretTexts((await api.get(`/api/v1/namespaces/${namespace}/secrets/${name}`, secretSchema)).data);
  } catch (error) {
    if (error instanceof ClusterApiError && error.status === 404) {
      // The vendor's volumes are not optional: the pods would wait in ContainerCreating.
      throw new Error(`expected Secret ${namespace}/${name}, which auth-svc mounts; it does not exist, so its pod could not start`, {
        cause: error,
      });
    }
    throw error;
  }
}

/**
 * Charts with K10's own gateway say it twice, in auth-svc's environment and in ConfigMap k10-gateway; older ones only in the Ingress;
 * with none of these it is the release's name.
 */
async function readPrefix(api: ClusterApi, { namespace, release }: KastenPlace, auth: Deployment): Promise<string> {
  const own = prefixOfAuthService(auth);
  const gateway = await orUndefined(api.get(`/api/v1/namespaces/${namespace}/configmaps/k10-gateway`, gatewaySchema));
  const routed = gateway?.data?.["PREFIX_PATH"];
  if (own !== undefined && routed !== undefined && normalPrefix(own) !== normalPrefix(routed)) {
    throw new Error(`expected one prefix path, got ${own} in Deployment auth-svc and ${routed} in ConfigMap k10-gateway`);
  }
  const stated = own ?? routed;
  if (stated !== undefined) {
    return stated;
  }
  const selector = encodeURIComponent(`release=${release}`);
  const ingresses = await orUndefined(
    api.get(`/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses?labelSelector=${selector}`, ingressListSchema),
  );
  const path = ingresses?.items[0]?.spec.rules?.[0]?.http?.paths[0]?.path;
  return path && path !== "/" ? path : release;
}

async function orUndefined<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ClusterApiError && error.status === 404) {
      return undefined;
    }
    throw error;
  }
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)))
      : part,
  );
}
