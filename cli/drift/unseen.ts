import { identityProviderOfKind, type DeclaredClient, type EnvironmentDocument } from "../../model";
import { EngineError } from "../errors";
import type { Io } from "../io";
import { providerFetch } from "../provider-fetch";
import type { DriftFinding } from "./types";

/** What was found where no refresh looks, and what was not looked at. */
export interface UnseenDrift {
  readonly findings: readonly DriftFinding[];
  readonly notLookedAt: readonly string[];
}

/** Asks the identity provider for what no resource of the stack reads back, where the kind has such things. */
export async function unseenDrift(document: EnvironmentDocument, io: Io): Promise<UnseenDrift> {
  const { kind, issuer } = document.identityProvider;
  const reader = identityProviderOfKind(kind)?.unseen;
  if (reader === undefined) {
    return { findings: [], notLookedAt: [] };
  }
  const variable = (name: string): string | undefined => io.env[name];
  if (!reader.given(variable)) {
    return { findings: [], notLookedAt: [`${reader.what} (set ${reader.credentials})`] };
  }
  const fetch = providerFetch(document, io);
  try {
    const found = await reader.read({ issuer, variable, fetch }, declaredClients(document));
    return { findings: found.map((change) => ({ kind: "changed-at-provider", ...change })), notLookedAt: reader.beyond };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError("provider_unreadable", `Drift at the identity provider: ${reason}`, { cause: error });
  }
}

function declaredClients(document: EnvironmentDocument): DeclaredClient[] {
  return Object.entries(document.platforms).map(([name, { clientId, groups, username }]) => {
    const access = document.access.filter(({ platform }) => platform === name);
    const granted = [...new Set(access.map(({ group }) => group))].flatMap((key) => document.groups[key] ?? []);
    return {
      clientId,
      groupsClaim: groups.claim,
      usernameClaim: username.claim,
      groups: granted.map(({ id, claimValue, displayName }) => ({ id, claimValue, displayName })),
      people: access.flatMap(({ group, person }) =>
        person !== undefined && document.groups[group] === undefined ? [person.claimValue] : [],
      ),
    };
  });
}
