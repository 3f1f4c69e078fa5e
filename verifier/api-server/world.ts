import type { JsonNode, JsonObject } from "../go/json";
import type { KeySetResult } from "../go/key-set";
import type { Check } from "../steps";
import type { DistributedSource } from "./claims";
import type { JwtRules } from "./rules";

/** What the authenticator asks of the world outside the token. */
export interface Surroundings {
  readonly now: Date;
  /** Seconds by which the API server's clock may differ from this one's. */
  readonly clockSkewSeconds: number;
  /** @throws DiscoveryError when they cannot be had */
  readonly keysOf: (rules: JwtRules) => KeySetResult | Promise<KeySetResult>;
  /** Claims that the platform has from elsewhere, and what was looked at for them. */
  readonly completed?: (claims: JsonObject) => Promise<{ readonly claims: JsonObject; readonly checks: readonly Check[] }>;
  /** The claim's value at its endpoint; a text is the reason why it cannot be had. */
  readonly distributedClaim: (source: DistributedSource, claim: string, rules: JwtRules) => Promise<{ readonly value: JsonNode } | string>;
}
