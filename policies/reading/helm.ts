import type { Subject } from "../rule";
import { at, isTrue, text, UNKNOWN, type Value } from "../value";

export interface HelmRelease {
  readonly urn: string;
  /** Name of the chart without repository, path or version: `kasten/k10`, `./charts/k10` and `k10-8.0.15.tgz` are all `k10`. */
  readonly chart: string | undefined;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly values: Value | undefined;
}

export function releaseOf(resource: Subject): HelmRelease {
  const chart = text(resource.properties, "chart");
  return {
    urn: resource.urn,
    chart: chart
      ?.split(/[/\\]/)
      .findLast((part) => part !== "")
      ?.replace(/-\d+\.\d+\.\d+[^/]*\.tgz$/, ""),
    name: text(resource.properties, "name"),
    namespace: text(resource.properties, "namespace"),
    values: at(resource.properties, "values"),
  };
}

/** Kasten K10, by the chart's name or by the shape of its values (a mirror may rename the chart). */
export function isKasten({ chart, values }: HelmRelease): boolean {
  return chart === "k10" || at(values, "auth", "oidcAuth") !== undefined;
}

/** One of OpenUnison's charts: they share one values file. */
export function isOpenUnison({ chart, values }: HelmRelease): boolean {
  return chart?.startsWith("orchestra") === true || text(values, "network", "openunison_host") !== undefined;
}

/** The ways in which K10's chart exposes the dashboard outside the cluster, as paths of values that are on. */
export function kastenExposure(values: Value | undefined): string[] {
  return ["ingress.create", "route.enabled", "externalGateway.create"].filter((path) => isTrue(values, ...path.split(".")));
}

/** First path segment of K10's URLs: `route.path`, `ingress.urlPath`, or the release name (template `k10.prefixPath`). */
export function kastenPathPrefix({ name, values }: HelmRelease): string | undefined {
  // Which path counts hangs on these two switches.
  if (at(values, "route", "enabled") === UNKNOWN || at(values, "ingress", "create") === UNKNOWN) {
    return undefined;
  }
  const chosen = isTrue(values, "route", "enabled")
    ? at(values, "route", "path")
    : isTrue(values, "ingress", "create")
      ? at(values, "ingress", "urlPath")
      : undefined;
  if (chosen === UNKNOWN) {
    return undefined;
  }
  const trimmed = typeof chosen === "string" ? chosen.replace(/^\/+|\/+$/g, "") : "";
  return trimmed === "" ? name : trimmed;
}

/** Kubernetes role names that K10's chart makes for users are `<release>-<suffix>`. */
export const kastenRoleSuffixes = ["admin", "mc-admin", "basic", "config-view", "virtualmachines-admin", "ns-admin"] as const;
