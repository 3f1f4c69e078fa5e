/** Which of the installations is meant, and which vendor's identity provider signs its people in. */
import {
  identityProviders,
  platforms,
  type IdentityProviderAdoption,
  type IdentityProviderSpec,
  type Installation,
  type InstalledCluster,
  type PlatformAdoption,
  type PlatformSpec,
} from "../../model";
import { EngineError, UsageError } from "../errors";

export type IdpKind = IdentityProviderSpec["kind"];
export type PlatformKind = PlatformSpec["kind"];

/** The kinds whose installations can be read. */
export const adoptablePlatforms = Object.values(platforms).flatMap(
  ({ kind, adoption }): { readonly kind: PlatformKind; readonly adoption: PlatformAdoption }[] =>
    adoption === undefined ? [] : [{ kind, adoption }],
);

/** The identity providers whose clients can be read. */
export const adoptableIdentityProviders = Object.values(identityProviders).flatMap(
  ({ kind, adoption }): { readonly idp: IdpKind; readonly reader: IdentityProviderAdoption }[] =>
    adoption === undefined ? [] : [{ idp: kind, reader: adoption }],
);

export interface ChosenInstallation {
  readonly kind: PlatformKind;
  readonly adoption: PlatformAdoption;
  readonly installation: Installation;
}

/**
 * The one installation that is meant.
 * @param wanted kind and place, as far as they were named
 */
export async function chooseInstallation(
  cluster: InstalledCluster,
  wanted: { readonly kind?: PlatformKind; readonly place?: string },
): Promise<ChosenInstallation> {
  const kinds = adoptablePlatforms.filter(({ kind }) => wanted.kind === undefined || kind === wanted.kind);
  const known: ChosenInstallation[] = [];
  const refusals: EngineError[] = [];
  for (const { kind, adoption } of kinds) {
    try {
      known.push(...(await adoption.find(cluster)).map((installation) => ({ kind, adoption, installation })));
    } catch (error) {
      // Who may see one platform need not see another; but what cannot be seen must not pass for what is not there.
      if (!(error instanceof EngineError && error.code === "cluster_refused")) {
        throw error;
      }
      refusals.push(error);
    }
  }
  const meant = known.filter(({ installation }) => wanted.place === undefined || installation.place === wanted.place);
  const [only] = meant;
  if (only !== undefined && meant.length === 1) {
    return only;
  }
  const [refusal] = refusals;
  if (only === undefined && refusal !== undefined) {
    throw refusal;
  }
  const names = (meant.length > 1 ? meant : known).map(({ kind, installation }) => `${installation.place} (${kind})`);
  const looked = kinds.map(({ adoption }) => adoption.knownBy).join("; ");
  throw new UsageError(
    "not_registered",
    `Expected one installation that can be taken over (${looked})${wanted.place === undefined ? "" : ` called ${wanted.place}`}, got ${
      names.length === 0 ? "none" : names.join(", ")
    }.\nFix: ${names.length === 0 ? "look at the context of the kubeconfig, or at the files of --from-files (docs/adoption.md)" : "name it with --release, and its kind with --kind"}.`,
  );
}

/** The vendor behind an issuer. */
export function chooseIdentityProvider(
  issuer: string,
  wanted: IdpKind | undefined,
): { readonly idp: IdpKind; readonly reader: IdentityProviderAdoption } {
  const found = adoptableIdentityProviders.find(({ idp, reader }) => (wanted === undefined ? reader.isIssuer(issuer) : idp === wanted));
  if (found === undefined) {
    throw new UsageError(
      "flags",
      `Expected an issuer of ${adoptableIdentityProviders.map(({ idp }) => idp).join(" or ")}, got ${issuer}${wanted === undefined ? "" : ` and --idp ${wanted}`}.\nFix: name its vendor with --idp, where its address is one of the organisation's own.`,
    );
  }
  return found;
}
