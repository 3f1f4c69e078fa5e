// Configuration of the kubernetes provider, with the environment variables of the official one.
import { flag, notImplemented, object, integer, text, type Schema } from "../provider/schema";
import { textOf } from "../provider/json";
import type { Properties } from "../provider/values";

export const configSchema: Schema = {
  alwaysRender: notImplemented,
  cluster: text(),
  clusterIdentifier: text(),
  context: text(),
  deleteUnreachable: flag(),
  enableConfigMapMutable: flag(),
  enablePatchForce: flag(),
  enableSecretMutable: flag(),
  enableServerSideApply: flag(),
  helmReleaseSettings: notImplemented,
  kubeClientSettings: object({ burst: integer(), qps: integer(), timeout: integer() }),
  kubeconfig: text({ secret: true }),
  namespace: text(),
  renderYamlToDirectory: notImplemented,
  skipUpdateUnreachable: flag(),
  suppressDeprecationWarnings: flag(),
  suppressHelmHookWarnings: flag(),
  upsertExistingObjects: flag(),
};

export interface KubernetesConfig {
  /** Content of a kubeconfig file, or its path; undefined means the environment's. */
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly cluster?: string;
  /** For objects that name none; undefined means the kubeconfig context's. */
  readonly namespace?: string;
  /** Changed data is an update, not a replacement. */
  readonly configMapMutable: boolean;
  readonly secretMutable: boolean;
  readonly patchForce: boolean;
  /** An object that exists already is taken over instead of refused (from 4.29.0 of the official plugin on, off unless asked for). */
  readonly upsert: boolean;
}

/** @throws Error for what only the official plugin can do */
export function resolveConfig(config: Properties, environment: NodeJS.ProcessEnv): KubernetesConfig {
  const isOn = (key: string, variable: string): boolean =>
    typeof config[key] === "boolean" ? config[key] : environment[variable] === "true";
  if (config.enableServerSideApply === false || environment.PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY === "false") {
    throw new Error(
      "kubernetes: enableServerSideApply false is not implemented by the lab's stand-in; put the official plugin on PATH to use it",
    );
  }
  return {
    kubeconfig: textOf(config.kubeconfig),
    context: textOf(config.context),
    cluster: textOf(config.cluster),
    namespace: textOf(config.namespace),
    configMapMutable: isOn("enableConfigMapMutable", "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE"),
    secretMutable: isOn("enableSecretMutable", "PULUMI_K8S_ENABLE_SECRET_MUTABLE"),
    patchForce: isOn("enablePatchForce", "PULUMI_K8S_ENABLE_PATCH_FORCE"),
    upsert: isOn("upsertExistingObjects", "PULUMI_K8S_UPSERT_EXISTING_OBJECTS"),
  };
}
