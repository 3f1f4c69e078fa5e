import { platformOfKind, type DocumentPlatform, type EnvironmentDocument } from "../../model";
import type { LiveBinding, LiveSubject } from "./types";

/** The platforms that are installed into a namespace. */
export function platformsIn({ platforms }: EnvironmentDocument, namespace: string | undefined): DocumentPlatform[] {
  return Object.values(platforms).filter(({ release }) => release !== undefined && release.namespace === namespace);
}

/** Whether a chart of a platform made the binding, and nobody changed since whom it binds. */
export function isMade(document: EnvironmentDocument, binding: LiveBinding): boolean {
  return binding.helm?.edited === false && makerOf(document, binding) !== undefined;
}

/**
 * The platform whose chart made the binding, by what Helm writes on it. Two more kinds of objects are a chart's own where they bind nobody
 * but service accounts of the release's namespace: hooks, on which Helm writes no release, and, of a platform that is its owner's, what
 * was rendered and applied without Helm.
 */
export function makerOf({ platforms }: EnvironmentDocument, { helm, subjects }: LiveBinding): DocumentPlatform | undefined {
  if (helm === undefined) {
    return undefined;
  }
  return Object.values(platforms).find((platform) => {
    const { release, installed } = platform;
    if (release === undefined) {
      return false;
    }
    if (helm.release !== undefined) {
      // Of a platform that is its owner's, the stack does not know how many charts there are.
      return helm.release.namespace === release.namespace && (installed === true || releasesOf(platform).includes(helm.release.name));
    }
    return (helm.hook || installed === true) && subjects.every((subject) => isAccountIn(subject, release.namespace));
  });
}

/** Whether a subject is a service account of a namespace. */
export function isAccountIn({ kind, namespace }: LiveSubject, place: string): boolean {
  return kind === "ServiceAccount" && namespace === place;
}

/** Some platforms are several charts. */
function releasesOf({ release, charts = [] }: DocumentPlatform): string[] {
  return [...(release === undefined ? [] : [release.release]), ...charts.map((chart) => chart.release)];
}

/** Whether the role is one that a platform of the environment brings for people. */
export function isPlatformRole({ platforms }: EnvironmentDocument, { roleRef, namespace }: LiveBinding): boolean {
  return Object.values(platforms).some(({ kind, release }) =>
    platformOfKind(kind)
      ?.ownRoles?.(release?.release)
      .some(
        (role) => role.kind === roleRef.kind && role.name === roleRef.name && (role.kind !== "Role" || namespace === release?.namespace),
      ),
  );
}

/** Whether a platform itself gives the subject its roles, as KubeSphere does its first account. */
export function isOwnHolder({ platforms }: EnvironmentDocument, { kind, name }: LiveSubject): boolean {
  return Object.values(platforms).some((platform) => platformOfKind(platform.kind)?.ownHolders?.includes(`${kind} ${name}`));
}
