/**
 * What a platform that was installed by hand says of itself, for `gatehouse adopt`. Pure: the release and what belongs to it are handed
 * in, and what comes out never holds a secret, only where one is.
 */
import { z } from "zod";
import type { Problem } from "../text/problems";

/** Of a platform that can be taken over. */
export const adoptedField = z
  .boolean()
  .optional()
  .describe(
    "It was installed before the stack, which took it over: the bindings of its grants come before its release changes. `gatehouse adopt` writes it.",
  );

/** A Helm release, as the cluster keeps it. */
export interface FoundRelease {
  readonly name: string;
  readonly namespace: string;
  readonly chart: { readonly name: string; readonly version: string };
  /** `deployed`, `failed`, `pending-upgrade` and the like. */
  readonly status: string;
  /** What was given to Helm: `helm get values`. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** One question to the API server. */
export interface ClusterQuestion {
  readonly path: string;
  /** Where its answer stands when somebody else asked it: `clusterconfiguration.json`. */
  readonly file: string;
  /** What prints that answer, for people: `kubectl get … --output json`. */
  readonly command: string;
  /** The right that the question needs, for people: `get clusterconfigurations`. */
  readonly right: string;
}

/** A cluster, or a folder with its answers, as what is installed by hand is looked for in it. Nothing is changed. */
export interface InstalledCluster {
  /** The newest revision of every Helm release. */
  releases(): Promise<readonly FoundRelease[]>;
  /** The texts of a Secret; undefined where there is none. */
  secret(namespace: string, name: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** An object or a list, as the API server gives it; undefined where there is none. */
  object(question: ClusterQuestion): Promise<unknown>;
  /** What no API tells and somebody put into the folder of answers, as it is; undefined where it is not there, or there is no folder. */
  file(name: string): Promise<string | undefined>;
}

/** Something that is installed, before it is read. */
export interface Installation {
  /** `namespace/name`, or another name that is one in the cluster: what `--release` says. */
  readonly place: string;
  /** The platform's key in the stack file, where nobody chose another. */
  readonly key: string;
  /** For people: `Helm release kasten-io/k10, chart k10 8.0.15`. */
  readonly title: string;
  /** Its Helm releases, the one with the sign-in first; empty where Helm has no part in it. */
  readonly releases: readonly FoundRelease[];
}

/** Something of the installation that a person should know, beside the setting that it concerns. */
export interface AdoptionRemark {
  /** The setting below the platform, or below the identity provider. */
  readonly setting: string;
  readonly text: string;
}

/** A role that somebody holds already. */
export interface FoundGrant {
  /** The group, or the person, by the name that RBAC sees. */
  readonly subject: { readonly kind: string; readonly name: string };
  readonly role: string;
  readonly namespaces?: readonly string[];
  readonly workspaces?: readonly string[];
}

/** An account of a platform that keeps its people itself. */
export interface FoundAccount {
  /** What bindings call it. */
  readonly name: string;
  /** What the person's tokens carry in the claim that names them for good. */
  readonly claimValue: string;
  /** Whether the object holds a password, or its hash: it then reaches the state without it. */
  readonly hasPassword: boolean;
  /** Why a stack cannot look after it, in words that follow "which"; left out where it can. */
  readonly fault?: string;
}

/** A person whom the stack will look after, with what of them is there already under the names that the program gives. */
export interface TakenPerson {
  readonly username: string;
  readonly hasPassword: boolean;
  readonly bindings: readonly {
    readonly kind: string;
    readonly name: string;
    readonly namespace?: string;
    readonly workspace?: string;
    readonly roleName: string;
  }[];
}

/** Where a client secret is: the key of a Kubernetes Secret, or what prints it into a pipe. */
export type FoundSecret = { readonly namespace: string; readonly name: string; readonly key: string } | { readonly command: string };

/** Settings of the stack file, with what a person should know of them. */
export interface AdoptedSettings {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly remarks: readonly AdoptionRemark[];
}

/** A resource that is there, under the name that the program gives it. */
export interface ImportedResource {
  readonly type: string;
  readonly name: string;
  /** Left out for a component, which is nothing but a parent. */
  readonly id?: string;
  /** Name of its component. */
  readonly parent?: string;
  /**
   * What the state keeps of it, where an import would copy a secret into it, or leave out what must not seem new: it goes there by
   * `--into-state`. Left out: it is imported.
   */
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** An installed platform, in the words of a stack file. */
export interface FoundPlatform {
  /** The settings of the stack file, without kind and access. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly issuer: string;
  readonly clientId: string;
  /** The claim that it reads groups from; empty where it reads none. */
  readonly groupsClaim: string;
  /** Whether it reads groups by their names from the directory, whatever tokens carry. Left out: from tokens. */
  readonly readsDirectory?: boolean;
  /** The claim that it reads a person's name from. */
  readonly usernameClaim: string;
  /** The scopes that it asks for today; left out where nothing says them. */
  readonly scopes?: readonly string[];
  /** Claims that a token must have there today, with their values. Left out: none. */
  readonly requiredClaims?: Readonly<Record<string, string>>;
  /** The literal text before names today, and whether the stack keeps the groups'. */
  readonly prefixes: { readonly user: string; readonly group: string; readonly keepsGroup: boolean };
  /** Whether a person keeps the name that RBAC sees. */
  readonly keepsUserNames: boolean;
  /** Whether its names are the cluster's own, so that bindings of every role reach them. Left out: those of the platform's roles do. */
  readonly reachesEveryRole?: boolean;
  /** API group whose RoleBindings give the platform's roles in a namespace. Left out: Kubernetes' own. */
  readonly roleBindingGroup?: string;
  /** Where the client secret is; left out where the client has none. */
  readonly secret?: FoundSecret;
  /** The platform's own accounts of people who sign in by this client, where bindings name those. Left out: bindings name what tokens carry. */
  readonly accounts?: readonly FoundAccount[];
  /** More secrets that stay in use, each with its key of the stack's configuration. Left out: none. */
  readonly moreSecrets?: readonly { readonly namespace: string; readonly name: string; readonly key: string; readonly config: string }[];
  /** Names of the Helm releases whose values hold the client secret in plain text: they reach the state without it. */
  readonly plainReleases: readonly string[];
  /** Where the client secret stays in plain text after the first update, with what takes it away there: a sentence each. */
  readonly plainCopies: readonly string[];
  /** What a person does after the first update, a sentence each. Left out: nothing. */
  readonly byHand?: readonly string[];
  readonly remarks: readonly AdoptionRemark[];
  /** What keeps it from being taken over as it is. */
  readonly problems: readonly Problem[];
}

/** How a platform that is installed already is read: one file of its kind, and the line `adoption` of its definition. */
export interface PlatformAdoption {
  /** What is looked for, for people: `a Helm release of the chart k10`. */
  readonly knownBy: string;
  /** Every installation of this kind that is there. */
  find(cluster: InstalledCluster): Promise<readonly Installation[]>;
  /** What one says of itself. */
  read(installation: Installation, cluster: InstalledCluster): Promise<FoundPlatform>;
  /** What the grants that were found make a stack file say, such as a dangerous one under its `insecure…` key. Left out: nothing. */
  ofGrants?(grants: readonly FoundGrant[]): AdoptedSettings;
  /** What the people behind the accounts make a stack file say, by the account's name. Left out: nothing. */
  ofPeople?(people: ReadonlyMap<string, { readonly login: string }>): Readonly<Record<string, unknown>>;
  /** What of the stack's resources is there already: components first, the Helm releases last. */
  resources(platform: string, installation: Installation, people: readonly TakenPerson[]): readonly ImportedResource[];
  /** A release's values without what only the stack, or a Secret, may say. */
  withoutSecrets(release: FoundRelease): Readonly<Record<string, unknown>>;
}

/** A list of scopes as texts write it; undefined where nothing is written. */
export function scopesOf(text: string): string[] | undefined {
  const scopes = text.split(/[\s,]+/).filter((scope) => scope !== "");
  return scopes.length === 0 ? undefined : scopes;
}

/** The installations of a platform that is one Helm release of one chart. */
export async function releasesOfChart(cluster: InstalledCluster, chart: string): Promise<Installation[]> {
  return (await cluster.releases())
    .filter((release) => release.chart.name === chart)
    .map((release) => ({
      place: `${release.namespace}/${release.name}`,
      // A release may have dots in its name, a key has none.
      key: release.name.replaceAll(".", "-"),
      title: `Helm release ${release.namespace}/${release.name}, chart ${chart} ${release.chart.version}`,
      releases: [release],
    }));
}
