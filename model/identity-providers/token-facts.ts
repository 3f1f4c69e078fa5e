/** Why a token does not fit the environment, and what to do about it. */
export interface TokenFault {
  readonly message: string;
  readonly remedy: string;
}

/** What is known about the tokens of one identity provider, for whoever looks for the cause of a refusal. No schema is loaded for it. */
export interface TokenFacts {
  /** Why a token may name this issuer where the environment has that one; undefined where nothing is known. */
  readonly issuerFault?: (named: string, expected: string) => TokenFault | undefined;
  /** Why a group that the token carries is none of the environment's, by the look of its value. */
  readonly groupFault?: (value: string) => TokenFault | undefined;
  /** Why the token does not carry a claim that the platform takes for the username. */
  readonly usernameFault?: (claim: string) => TokenFault | undefined;
  /** Why the token names other audiences than a client of the environment. */
  readonly audienceFault?: (audiences: readonly string[], azp: unknown) => TokenFault | undefined;
  /** Why the address is not verified. */
  readonly emailUnverified?: TokenFault;
  /** Why the token has no groups at all, where nothing else in it tells. */
  readonly groupsAbsent?: TokenFault;
  /** Claims that carry groups or roles where the groups claim is missing, and why. */
  readonly instead?: Readonly<Record<string, TokenFault>>;
  /** What a member must know who is in a group and whose token does not show it. */
  readonly membership?: string;
  /** How an object id looks, where groups have one. */
  readonly objectId?: RegExp;
  /** Classes (`acr`) that mean more than one factor. */
  readonly multiFactorClasses?: readonly string[];
}
