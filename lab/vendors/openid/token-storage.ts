import type { Adapter, AdapterPayload } from "oidc-provider" with { "resolution-mode": "import" };

const indexedByGrant = new Set(["AccessToken", "AuthorizationCode", "RefreshToken"]);

interface Entry {
  payload: AdapterPayload;
  expiresAt: number;
}

/**
 * Codes, tokens, grants and sessions of one vendor, in memory. Sessions are shared by all issuers of the vendor (single sign-on);
 * everything else belongs to one issuer, so an access token of one authorization server is worthless at another.
 */
export class TokenStorage {
  private readonly entries = new Map<string, Entry>();

  /** An `oidc-provider` adapter for one model; `Client` is looked up elsewhere and must not come here. */
  adapter(issuer: string, model: string): Adapter {
    const scope = model === "Session" ? "*" : issuer;
    const key = (id: string): string => `${scope}|${model}|${id}`;
    return {
      upsert: (id, payload, expiresIn) => {
        this.sweep();
        this.entries.set(key(id), { payload, expiresAt: expiresIn === undefined ? Infinity : Date.now() + expiresIn * 1000 });
        return Promise.resolve();
      },
      find: (id) => Promise.resolve(this.live(key(id))),
      findByUid: (uid) => Promise.resolve(this.first(`${scope}|${model}|`, (payload) => payload.uid === uid)),
      findByUserCode: (code) => Promise.resolve(this.first(`${scope}|${model}|`, (payload) => payload.userCode === code)),
      consume: (id) => {
        const payload = this.live(key(id));
        if (payload !== undefined) {
          payload.consumed = Math.floor(Date.now() / 1000);
        }
        return Promise.resolve();
      },
      destroy: (id) => {
        this.entries.delete(key(id));
        return Promise.resolve();
      },
      revokeByGrantId: (grantId) => {
        for (const [name, entry] of this.entries) {
          const [owner, kind] = name.split("|");
          if (owner === issuer && kind !== undefined && indexedByGrant.has(kind) && entry.payload.grantId === grantId) {
            this.entries.delete(name);
          }
        }
        return Promise.resolve();
      },
    };
  }

  private live(key: string): AdapterPayload | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined || entry.expiresAt > Date.now()) {
      return entry?.payload;
    }
    this.entries.delete(key);
    return undefined;
  }

  private first(prefix: string, fits: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    for (const key of this.entries.keys()) {
      const payload = key.startsWith(prefix) ? this.live(key) : undefined;
      if (payload !== undefined && fits(payload)) {
        return payload;
      }
    }
    return undefined;
  }

  private sweep(): void {
    const now = Date.now();
    for (const [key, entry] of this.entries) {
      if (entry.expiresAt <= now) {
        this.entries.delete(key);
      }
    }
  }
}
