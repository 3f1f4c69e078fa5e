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

/** The texts of a Secret in the release's namespace; undefined where there is none. */
export type SecretReader = (name: string) => Promise<Readonly<Record<string, string>> | undefined>;

/** Something of the installation that a person should know, beside the setting that it concerns. */
export interface AdoptionRemark {
  /** The setting below the platform, or below the identity provider. */
  readonly setting: string;
  readonly text: string;
}

/** A resource that is there, under the name that the program gives it. */
export interface ImportedResource {
  readonly type: string;
  readonly name: string;
  /** Left out for a component, which is nothing but a parent. */
  readonly id?: string;
  /** Name of its component. */
  readonly parent?: string;
}

/** An installed platform, in the words of a stack file. */
export interface FoundPlatform {
  /** The settings of the stack file, without kind and access. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly issuer: string;
  readonly clientId: string;
  /** The claim that it reads groups from; empty where it reads none. */
  readonly groupsClaim: string;
  /** The literal text before names today. */
  readonly prefixes: { readonly user: string; readonly group: string };
  /** Whether a person keeps the name that RBAC sees. */
  readonly keepsUserNames: boolean;
  /** The Kubernetes Secret in which the client secret is. */
  readonly secret: { readonly name: string; readonly key: string };
  /** Whether the values hold the client secret in plain text, and so does each revision of the release. */
  readonly inlineSecret: boolean;
  readonly remarks: readonly AdoptionRemark[];
  /** What keeps it from being taken over as it is. */
  readonly problems: readonly Problem[];
}

/** How a platform that is installed already is read. */
export interface PlatformAdoption {
  /** Name of the chart by which its release is known. */
  readonly chart: string;
  /** What the installation says of itself. */
  read(release: FoundRelease, secrets: SecretReader): Promise<FoundPlatform>;
  /** What of the stack's resources is there already: components first, the Helm release last. */
  resources(platform: string, release: FoundRelease): readonly ImportedResource[];
  /** The values without what only the stack, or a Secret, may say. */
  withoutSecrets(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}
