import type { Subject } from "../rule";
import { kastenPathPrefix as pathPrefix } from "../../model/platforms/kasten/values";
import { at, isOn, isProperties, text, unknownValue, type Value } from "../value";

export interface HelmRelease {
  readonly urn: string;
  /** Name of the chart without repository, path or version: `kasten/k10`, `./charts/k10` and `k10-8.0.15.tgz` are all `k10`. */
  readonly chart: string | undefined;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  /** Address of the chart's repository, or the chart's own address. */
  readonly repository: string | undefined;
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
    repository: text(resource.properties, "repositoryOpts", "repo") ?? chart,
    values: at(resource.properties, "values"),
  };
}

/** Settings of K10's chart that no other chart is known to have (its values.yaml, 4.5 to 9.0). */
const kastenSettings = ["oidcAuth", "tokenAuth", "groupAllowList", "k10AdminGroups", "k10AdminUsers"];

/** Kasten K10, by the chart's name, its repository, or the shape of its values (a mirror may rename the chart). */
export function isKasten({ chart, repository, values }: HelmRelease): boolean {
  return chart === "k10" || /(?:^|[./-])kasten[./]/.test(repository ?? "") || hasKastenSettings(values);
}

function hasKastenSettings(values: Value | undefined): boolean {
  return kastenSettings.some((name) => at(values, "auth", name) !== undefined);
}

interface KastenValues {
  readonly path: string;
  readonly values: Value | undefined;
}

/** K10's values, with the path to them: those of the release, and those of a chart inside another one, under its name or alias. */
export function kastenValuesOf(resource: Subject): KastenValues[] {
  const release = releaseOf(resource);
  const inside: [string, Value][] = isProperties(release.values) ? Object.entries(release.values) : [];
  return [
    ...(isKasten(release) ? [{ path: "values", values: release.values } satisfies KastenValues] : []),
    ...inside.filter(([, values]) => hasKastenSettings(values)).map(([name, values]): KastenValues => ({ path: `values.${name}`, values })),
  ];
}

/** One of OpenUnison's charts: they share one values file. */
export function isOpenUnison({ chart, values }: HelmRelease): boolean {
  return chart?.startsWith("orchestra") === true || at(values, "network", "openunison_host") !== undefined;
}

/** The ways in which K10's chart exposes the dashboard outside the cluster, as paths of values that are on. */
export function kastenExposure(values: Value | undefined): string[] {
  return ["ingress.create", "route.enabled", "externalGateway.create"].filter((path) => isOn(values, ...path.split(".")));
}

/** First path segment of K10's URLs; undefined while what decides about it is not known. */
export function kastenPathPrefix({ name, values }: HelmRelease): string | undefined {
  const deciding = [
    at(values, "route", "enabled"),
    at(values, "ingress", "create"),
    at(values, "route", "path"),
    at(values, "ingress", "urlPath"),
  ];
  return name === undefined || deciding.includes(unknownValue) ? undefined : pathPrefix({ release: name, values: recordOf(values) });
}

function recordOf(values: Value | undefined): Readonly<Record<string, unknown>> {
  return isProperties(values) ? values : {};
}

/** Kubernetes role names that K10's chart makes for users are `<release>-<suffix>`. */
export const kastenRoleSuffixes = ["admin", "mc-admin", "basic", "config-view", "virtualmachines-admin", "ns-admin"] as const;
