// The kubernetes provider: every object by one generic path, and Helm releases.
import { randomBytes } from "node:crypto";
import { version } from "@pulumi/kubernetes/package.json";
import type { Provider, ResourceName } from "../provider/provider";
import { validate } from "../provider/schema";
import { parseConfigStrings } from "../provider/table";
import type { Properties } from "../provider/values";
import { KubernetesApi, KubernetesError, UnreachableError, type KubernetesClient } from "./api";
import { configSchema, resolveConfig, type KubernetesConfig } from "./config";
import { clusterFlags, Helm, type HelmClient } from "./helm";
import { createObject, deleteObject, readObject, updateObject, type ObjectContext } from "./object-operations";
import { kindOf, objectDifference, secretsOf, withData, withName, withNamespace } from "./objects";
import { checkRelease, createRelease, deleteRelease, readRelease, releaseType, releaseDifference, updateRelease } from "./release";

/** A cluster, and Helm in front of it. */
export interface Cluster {
  readonly api: KubernetesClient;
  readonly helm: HelmClient;
}

type Connected = ObjectContext & Cluster;

async function openCluster(config: KubernetesConfig): Promise<Cluster> {
  const api = await KubernetesApi.load(config);
  return { api, helm: new Helm(clusterFlags(config, () => api.exportKubeConfig())) };
}

const randomDigits = (): string => randomBytes(4).toString("hex");

/** Types of the official plugin that are no single object. */
function refuseUnimplemented({ type }: ResourceName): void {
  const [, module = "", name = ""] = type.split(":");
  const isObject = module.includes("/") && !module.startsWith("yaml") && !module.startsWith("helm.sh") && !module.startsWith("kustomize");
  if ((isObject && !name.endsWith("List")) || type === releaseType) {
    return;
  }
  throw new Error(
    `${type}: this resource type is not implemented by the lab's stand-in for the kubernetes plugin (it knows single objects and ${releaseType}); ` +
      "put the official pulumi-resource-kubernetes on PATH to use it",
  );
}

/** @param open connects to the cluster of a configuration; tests answer from recordings instead */
export function kubernetesProvider(open: (config: KubernetesConfig) => Promise<Cluster> = openCluster): Provider {
  let connection: Connected | undefined;
  let cancelled = false;

  const connected = (): Connected => {
    if (!connection) {
      throw new Error("kubernetes: the provider is not configured yet");
    }
    return connection;
  };

  return {
    version,

    checkConfig(config) {
      return validate(configSchema, parseConfigStrings(configSchema, config));
    },

    async configure(config) {
      const resolved = resolveConfig(parseConfigStrings(configSchema, config), process.env);
      connection = { ...(await open(resolved)), config: resolved, randomDigits, isCancelled: () => cancelled };
    },

    ...plans(connected),
    ...operations(connected),

    invoke(token): Promise<Properties> {
      return Promise.reject(
        new Error(
          `${token}: functions are not implemented by the lab's stand-in for the kubernetes plugin; put the official pulumi-resource-kubernetes on PATH`,
        ),
      );
    },

    cancel() {
      cancelled = true;
      connection?.helm.cancel();
    },
  };
}

function plans(connected: () => Connected): Pick<Provider, "check" | "diff"> {
  return {
    async check(resource, olds, news) {
      refuseUnimplemented(resource);
      const { api, helm } = connected();
      if (resource.type === releaseType) {
        return checkRelease(helm, resource, olds, news, api.defaultNamespace, randomDigits);
      }
      const kind = kindOf(resource.type, news);
      const named = kind.isPatch ? news : withName(news, olds, resource.name, randomDigits);
      const namespaced = await isNamespaced(api, kind.apiVersion, kind.kind);
      const inputs = { ...(namespaced ? withNamespace(named, api.defaultNamespace) : named), apiVersion: kind.apiVersion, kind: kind.kind };
      return { inputs: withData(inputs, kind), failures: [], secrets: secretsOf(kind) };
    },

    diff(resource, _id, oldInputs, oldState, news, ignoreChanges) {
      if (resource.type === releaseType) {
        return Promise.resolve(releaseDifference(oldInputs, oldState, news, ignoreChanges));
      }
      const { configMapMutable: configMap, secretMutable: secret } = connected().config;
      const kind = kindOf(resource.type, news);
      return Promise.resolve(objectDifference(kind, withData(oldInputs, kind), withData(news, kind), { configMap, secret }, ignoreChanges));
    },
  };
}

function operations(connected: () => Connected): Pick<Provider, "create" | "read" | "update" | "delete"> {
  return {
    create(resource, inputs, preview, timeout) {
      if (resource.type === releaseType) {
        return createRelease(connected().helm, inputs, preview);
      }
      return createObject(connected(), resource, inputs, preview, timeout);
    },

    read(resource, id, oldInputs, oldState) {
      refuseUnimplemented(resource);
      if (resource.type === releaseType) {
        return readRelease(connected().helm, id, oldInputs);
      }
      return readObject(connected(), resource, id, oldInputs, oldState);
    },

    update(resource, id, _oldInputs, oldState, news, preview, timeout, ignoreChanges) {
      if (resource.type === releaseType) {
        return updateRelease(connected().helm, id, news, preview);
      }
      return updateObject(connected(), resource, { id, oldState, news, ignoreChanges: ignoreChanges ?? [] }, preview, timeout);
    },

    delete(resource, id, oldInputs, oldState, timeout) {
      if (resource.type === releaseType) {
        return deleteRelease(connected().helm, id, oldInputs);
      }
      return deleteObject(connected(), resource, id, oldInputs, oldState, timeout);
    },
  };
}

/** A kind that is not known (yet) gets no namespace of ours: its definition may come with the same update. */
async function isNamespaced(api: KubernetesClient, apiVersion: string, kind: string): Promise<boolean> {
  try {
    return (await api.locate(apiVersion, kind)).namespaced;
  } catch (error) {
    if (error instanceof KubernetesError || error instanceof UnreachableError) {
      return false;
    }
    throw error;
  }
}
