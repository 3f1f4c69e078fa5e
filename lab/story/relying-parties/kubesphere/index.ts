/**
 * KubeSphere 3 and 4: the provider that the stack wrote into the cluster (`configuration`), the rules of its sign-in (`rules`, pure), its
 * console (`kubesphere`) and its authoriser (`access`).
 */
import type { RelyingPartyDefinition } from "../contract";
import { startKubeSphere } from "./kubesphere";

const definition = (release: 3 | 4): RelyingPartyDefinition => ({
  start: (platform, surroundings) => startKubeSphere({ ...surroundings, release, redirectUri: platform.redirectUris[0] ?? "" }),
});

export const kubeSphere3RelyingParty = definition(3);
export const kubeSphere4RelyingParty = definition(4);
