import type { Problem } from "../../text/problems";
import type { Environment } from "../schema";

/** The parts of an environment that are judged without its identity provider. */
export type Parts = Pick<Environment, "groups" | "platforms">;

interface Named {
  /** Unique, for people who read the list. */
  readonly name: string;
}

/** A check that needs the identity provider's own rules. */
export interface WithIdentityProvider extends Named {
  readonly asksIdentityProvider: true;
  /** @param today the day in UTC, `YYYY-MM-DD` */
  find(environment: Environment, today: string): Problem[];
}

/** A check that holds whatever the identity provider is. */
export interface WithoutIdentityProvider extends Named {
  readonly asksIdentityProvider: false;
  /** @param today the day in UTC, `YYYY-MM-DD` */
  find(environment: Parts, today: string): Problem[];
}

/** One thing that must hold between the parts of an environment; each part by itself is judged by its schema. */
export type EnvironmentCheck = WithIdentityProvider | WithoutIdentityProvider;
