// The kubernetes provider: every object by one generic path, and Helm releases.
import { randomBytes } from "node:crypto";
import { version } from "@pulumi/kubernetes/package.json";
import type { Provider, ResourceName } from "../provider/provider";
import { validate } from "../provider/schema";
import { parseConfigStrings } from "../provider/table";
import type { Properties } from "../provider/values";
import { KubernetesApi, KubernetesError, UnreachableError } from "./api";
import { configSchema, resolveConfig } from "./config";
import { clusterFlags, Helm } from "./helm";
import { createObject, deleteObject, readObject, updateObject, type ObjectContext } from "./object-operations";
import { kindOf, objectDifference, secretsOf, withData, withName, withNamespace } from "./objects";
import { checkRelease, createRelease, deleteRelease, readRelease, RELEASE, releaseDifference, updateRelease } from "./release";

interface Connected extends ObjectContext {
  readonly helm: Helm;
}

const randomDigits = (): string => randomBytes(4).toString("hex");

/** Types of the official plugin that are no single object. */
function refuseUnimplemented({ type }: ResourceName): void {
  const [, module = "", name = ""] = type.split(":");
  const isObject = module.includes("/") && !module.startsWith("yaml") && !module.startsWith("helm.sh") && !module.startsWith("kustomize");
  if ((isObject && !name.endsWith("List")) || type === RELEASE) {
    return;
  }
  throw new Error(
    `${type}: this resource type is not implemented by the lab's stand-in for the kubernetes plugin (it knows single objects and ${RELEASE}); ` +
      "put the official pulumi-resource-kubernetes on PATH to use it",
  );
}

export function kubernetesProvider(): Provider {
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
      const api = await KubernetesApi.load(resolved);
      connection = {
        api,
        config: resolved,
        randomDigits,
        isCancelled: () => cancelled,
        helm: new Helm(clusterFlags(resolved, () => api.exportKubeConfig())),
      };
    },

    async check(resource, olds, news) {
      refuseUnimplemented(resource);
      const { api, helm } = connected();
      if (resource.type === RELEASE) {
        return checkRelease(helm, resource, olds, news, api.defaultNamespace, randomDigits);
      }
      const kind = kindOf(resource.type, news);
      const named = kind.isPatch ? news : withName(news, olds, resource.name, randomDigits);
      const namespaced = await isNamespaced(api, kind.apiVersion, kind.kind);
      const inputs = { ...(namespaced ? withNamespace(named, api.defaultNamespace) : named), apiVersion: kind.apiVersion, kind: kind.kind };
      return { inputs: withData(inputs, kind), failures: [], secrets: secretsOf(kind) };
    },

    diff(resource, _id, oldInputs, oldState, news, ignoreChanges) {
      if (resource.type === RELEASE) {
        return Promise.resolve(releaseDifference(oldInputs, oldState, news, ignoreChanges));
      }
      const { configMapMutable: configMap, secretMutable: secret } = connected().config;
      const kind = kindOf(resource.type, news);
      return Promise.resolve(objectDifference(kind, withData(oldInputs, kind), withData(news, kind), { configMap, secret }));
    },

    create(resource, inputs, preview, timeout) {
      if (resource.type === RELEASE) {
        return createRelease(connected().helm, inputs, preview);
      }
      return createObject(connected(), resource, inputs, preview, timeout);
    },

    read(resource, id, oldInputs, oldState) {
      refuseUnimplemented(resource);
      if (resource.type === RELEASE) {
        return readRelease(connected().helm, id, oldInputs);
      }
      return readObject(connected(), resource, id, oldInputs, oldState);
    },

    update(resource, id, _oldInputs, oldState, news, preview, timeout) {
      if (resource.type === RELEASE) {
        return updateRelease(connected().helm, id, news, preview);
      }
      return updateObject(connected(), resource, id, oldState, news, preview, timeout);
    },

    delete(resource, id, oldInputs, oldState, timeout) {
      if (resource.type === RELEASE) {
        return deleteRelease(connected().helm, id, oldInputs);
      }
      return deleteObject(connected(), resource, id, oldInputs, oldState, timeout);
    },

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

/** A kind that is not known (yet) gets no namespace of ours: its definition may come with the same update. */
async function isNamespaced(api: KubernetesApi, apiVersion: string, kind: string): Promise<boolean> {
  try {
    return (await api.locate(apiVersion, kind)).namespaced;
  } catch (error) {
    if (error instanceof KubernetesError || error instanceof UnreachableError) {
      return false;
    }
    throw error;
  }
}
