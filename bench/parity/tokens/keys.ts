import { constants, createHmac, createPublicKey, generateKeyPairSync, sign, type KeyObject } from "node:crypto";

/** A key that signs tokens, and how its issuer publishes it. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: Readonly<Record<string, unknown>>;
  /** What it signs with when nothing else is said. */
  readonly algorithm: string;
}

export type KeyName = "rsa" | "rsa2" | "rsa1024" | "rsa3072" | "p256" | "p384" | "p521" | "ed25519" | "stranger";
export type Keys = Readonly<Record<KeyName, SigningKey>>;

export function makeKeys(): Keys {
  const key = (kid: string, algorithm: string, privateKey: KeyObject): SigningKey => ({
    kid,
    algorithm,
    privateKey,
    jwk: { ...createPublicKey(privateKey).export({ format: "jwk" }), kid },
  });
  const rsa = (bits: number): KeyObject => generateKeyPairSync("rsa", { modulusLength: bits }).privateKey;
  const curve = (namedCurve: string): KeyObject => generateKeyPairSync("ec", { namedCurve }).privateKey;
  return {
    rsa: key("rsa-1", "RS256", rsa(2048)),
    rsa2: key("rsa-2", "RS256", rsa(2048)),
    rsa1024: key("rsa-1024", "RS256", rsa(1024)),
    rsa3072: key("rsa-3072", "RS384", rsa(3072)),
    p256: key("p256", "ES256", curve("P-256")),
    p384: key("p384", "ES384", curve("P-384")),
    p521: key("p521", "ES512", curve("P-521")),
    ed25519: key("ed25519", "EdDSA", generateKeyPairSync("ed25519").privateKey),
    stranger: key("rsa-1", "RS256", rsa(2048)),
  };
}

/** Signs bytes with an algorithm by its name; an unknown algorithm signs as RS256 does. */
export function signBytes(bytes: Buffer, algorithm: string, { privateKey, jwk }: SigningKey, saltLength?: number): Buffer {
  const hash = `sha${/(256|384|512)$/.exec(algorithm)?.[0] ?? "256"}`;
  if (algorithm.startsWith("HS")) {
    return createHmac(hash, JSON.stringify(jwk)).update(bytes).digest();
  }
  switch (privateKey.asymmetricKeyType) {
    case "ed25519":
      return sign(null, bytes, privateKey);
    case "ec": {
      const signature = sign(hash, bytes, { key: privateKey, dsaEncoding: "ieee-p1363" });
      return widened(signature, { ES256: 32, ES384: 48, ES512: 66 }[algorithm]);
    }
    default:
      return algorithm.startsWith("PS")
        ? sign(hash, bytes, {
            key: privateKey,
            padding: constants.RSA_PKCS1_PSS_PADDING,
            // A small key has no room for the longest salt.
            saltLength: Math.min(
              saltLength ?? Number(/\d+$/.exec(hash)?.[0]) / 8,
              (privateKey.asymmetricKeyDetails?.modulusLength ?? 2048) / 8 - Number(/\d+$/.exec(hash)?.[0]) / 8 - 2,
            ),
          })
        : sign(hash, bytes, privateKey);
  }
}

/** Both numbers in as many bytes as the algorithm's own curve has, where they fit: what a signer with another curve would send. */
function widened(signature: Buffer, half: number | undefined): Buffer {
  const size = signature.length / 2;
  if (half === undefined || half <= size) {
    return signature;
  }
  const pad = Buffer.alloc(half - size);
  return Buffer.concat([pad, signature.subarray(0, size), pad, signature.subarray(size)]);
}
