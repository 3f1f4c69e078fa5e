import { signBytes, type Keys, type SigningKey } from "./keys";
import type { Configuration } from "./configurations";

/** A token that is being made. What stands later overrides what stands earlier: texts the members, a finished token everything. */
export interface Draft {
  readonly keys: Keys;
  readonly configuration: Configuration;
  /** Whole seconds of now. */
  readonly now: number;
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  key: SigningKey;
  /** Signs with another algorithm than the header says. */
  algorithm?: string;
  saltLength?: number;
  /** Changes the text of the header, or its bytes. */
  headerText: ((text: string) => string | Buffer)[];
  payloadText: ((text: string) => string | Buffer)[];
  /** Changes the finished token. */
  finish: ((token: string) => string)[];
  /** The payload is signed as it is (RFC 7797). */
  unencoded?: boolean;
}

/** One way in which a token differs from what an identity provider normally sends. */
export type Mutation = readonly [name: string, change: (draft: Draft, random: () => number) => void];

/** A realistic token of a configuration: what an identity provider really sends. */
export function realistic(configuration: Configuration, keys: Keys, random: () => number, serial: number): Draft {
  const now = Math.floor(Date.now() / 1000);
  const key = configuration.signers[random() < 0.7 ? 0 : Math.floor(random() * configuration.signers.length)] ?? keys.rsa;
  const groups = ["admins", "operators", "Kasten Admins", "00g1abcd", "7a0c4f0e-1111-4222-8333-abcdefabcdef", "ünï", "shop/billing"];
  return {
    keys,
    configuration,
    now,
    key,
    header: { alg: key.algorithm, kid: key.kid, ...(random() < 0.5 ? { typ: "JWT" } : {}) },
    claims: {
      iss: configuration.issuer,
      sub: `00u${serial}`,
      aud: random() < 0.8 ? configuration.audience : [configuration.audience],
      iat: now - 10,
      exp: now + 3600,
      jti: `id-${serial}`,
      groups: groups.filter(() => random() < 0.4),
      roles: "reader,writer",
      amr: ["pwd", "mfa"],
      email: `person${serial}@example.com`,
      email_verified: true,
      preferred_username: `person${serial}`,
      oid: `oid-${serial}`,
      tid: "tenant-1",
      hd: "example.com",
      azp: "kubernetes",
      "example.com": { roles: ["a", "b"] },
      ...(random() < 0.3 ? { nbf: now - 10 } : {}),
      ...(random() < 0.3 ? { nonce: "n-0S6_WzA2Mj", at_hash: "MTIzNDU2Nzg5MDEyMzQ1Ng" } : {}),
      ...(random() < 0.2 ? { auth_time: now - 60, ver: "2.0", sid: "s-1", name: "A Person" } : {}),
    },
    headerText: [],
    payloadText: [],
    finish: [],
  };
}

/** Puts a draft together and signs it. */
export function tokenOf(draft: Draft): string {
  const bytes = (value: unknown, changes: Draft["headerText"]): Buffer =>
    changes.reduce((content, change) => Buffer.from(change(content.toString("utf8"))), Buffer.from(JSON.stringify(value)));
  const header = bytes(draft.header, draft.headerText);
  const payload = bytes(draft.claims, draft.payloadText);
  const encoded = [header, payload].map((part) => part.toString("base64url"));
  const signed = draft.unencoded === true ? Buffer.concat([Buffer.from(`${encoded[0] ?? ""}.`), payload]) : Buffer.from(encoded.join("."));
  const signature = signBytes(
    signed,
    draft.algorithm ?? (typeof draft.header["alg"] === "string" ? draft.header["alg"] : "RS256"),
    draft.key,
    draft.saltLength,
  );
  return draft.finish.reduce((token, change) => change(token), `${encoded.join(".")}.${signature.toString("base64url")}`);
}
