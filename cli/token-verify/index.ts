/**
 * `gatehouse token verify`: whose token it is and what it opens. The judgement is the verifier's; here are the ways in which a
 * token, its userinfo answer and its environment come in, and none in which a token goes out.
 */
import {
  DiscoveryError,
  pastedToken,
  readAuthenticationConfiguration,
  readOidcFlags,
  verifyClusterToken,
  verifyToken,
  type ApiServerRules,
} from "../../verifier";
import { defineCommand, flag, text } from "../command";
import { UsageError } from "../errors";
import type { ExitName } from "../exit-codes";
import { loadDocument, readInput, type DocumentSource } from "../inputs";
import type { Io } from "../io";
import { documentOptions, jsonOption, multiFactorOption, secondsOption } from "../options";
import { putClusterVerdict, putVerdict } from "../verdict-output";
import { outputText } from "../outputs";

interface VerifyInput extends DocumentSource {
  readonly token?: string;
  readonly file?: string;
  readonly platform?: string;
  readonly userinfo?: string;
  readonly accessTokenFile?: string;
  readonly nonce?: string;
  readonly skew: number;
  readonly authenticationConfig?: string;
  readonly oidcFlags?: string;
  readonly jwks?: string;
  readonly offline: boolean;
  readonly requireMfa?: true | string;
  readonly json: boolean;
}

export const verifyCommand = defineCommand({
  name: "token verify",
  summary: "Judge an ID token against an environment: signature, claims, effective name and groups, grants, likely causes.",
  arguments: { token: text("[token]", "the token, or - for standard input; prefer --file: other users can read arguments") },
  options: {
    file: text("--file <file>", "read the token from a file; - for standard input"),
    ...documentOptions,
    platform: text("--platform <name>", "the platform to judge by (default: the one that the token names as its audience)"),
    userinfo: text("--userinfo <file>", "what the userinfo endpoint said (JSON), where the platform has its groups from there"),
    accessTokenFile: text("--access-token-file <file>", "ask the userinfo endpoint with this access token instead"),
    nonce: text("--nonce <value>", "the nonce of the authorization request"),
    authenticationConfig: text(
      "--authentication-config <file>",
      "judge as an API server with this AuthenticationConfiguration (YAML) does",
    ),
    oidcFlags: text("--oidc-flags <file>", "judge as an API server with the --oidc-* flags in this file does"),
    jwks: text("--jwks <file>", "the issuer's keys (JSON), instead of discovery"),
    offline: flag("--offline", "ask nobody: what the given files do not answer ends without a decision"),
    skew: secondsOption("--skew <seconds>", "how far the platform's clock may differ from this one's", 0, 0),
    requireMfa: multiFactorOption,
    json: jsonOption("verdict"),
  },
  run: verify,
});

async function verify(options: VerifyInput, io: Io): Promise<ExitName> {
  const token = await readToken(options.token, options, io);
  const rules = await rulesFrom(options, io);
  const jwks = options.jwks === undefined ? undefined : await readInput(options.jwks, "a key set", io);
  const surroundings = { token, jwks, offline: options.offline, clockSkewSeconds: options.skew, now: io.now(), fetch: io.fetch };
  try {
    // An environment is asked for only where nothing else says how tokens are read.
    if (rules !== undefined && options.env === undefined && options.stack === undefined) {
      return putClusterVerdict(await verifyClusterToken({ ...surroundings, token: pastedToken(token), rules }), options.json, io);
    }
    const { userinfo, accessTokenFile } = options;
    const verdict = await verifyToken({
      ...surroundings,
      rules,
      document: await loadDocument(options, io),
      platform: options.platform,
      userInfo: userinfo === undefined ? undefined : userInfoOf(await readInput(userinfo, "a userinfo answer", io)),
      accessToken: accessTokenFile === undefined ? undefined : await readInput(accessTokenFile, "an access token", io, true),
      nonce: options.nonce,
      requireMultiFactor: typeof options.requireMfa === "string" ? { authenticationContext: options.requireMfa } : options.requireMfa,
    });
    return putVerdict(verdict, options.json, io);
  } catch (error) {
    if (options.json && error instanceof DiscoveryError) {
      io.stdout(outputText("token-verification", { outcome: "undecided", code: error.code, message: error.message }));
    }
    throw error;
  }
}

/** The rules of an API server from its own files; undefined where the environment document says which ones hold. */
async function rulesFrom({ authenticationConfig, oidcFlags }: VerifyInput, io: Io): Promise<ApiServerRules | undefined> {
  if (authenticationConfig !== undefined && oidcFlags !== undefined) {
    throw new UsageError("flags", "Expected one of --authentication-config and --oidc-flags, got both; an API server takes only one, too.");
  }
  if (authenticationConfig !== undefined) {
    return readAuthenticationConfiguration(await readInput(authenticationConfig, "an AuthenticationConfiguration", io));
  }
  return oidcFlags === undefined ? undefined : readOidcFlags(await readInput(oidcFlags, "flags of kube-apiserver", io));
}

async function readToken(argument: string | undefined, options: VerifyInput, io: Io): Promise<string> {
  if ((argument === undefined) === (options.file === undefined)) {
    throw new UsageError(
      "flags",
      `Expected the token in --file, or as argument (- for standard input), got ${argument === undefined ? "neither" : "both"}.`,
    );
  }
  const path = options.file ?? (argument === "-" ? "-" : undefined);
  if (
    [path, options.env, options.userinfo, options.accessTokenFile, options.authenticationConfig, options.oidcFlags, options.jwks].filter(
      (source) => source === "-",
    ).length > 1
  ) {
    throw new UsageError("flags", "Expected at most one input from standard input (-), got several.");
  }
  if (options.userinfo !== undefined && options.accessTokenFile !== undefined) {
    throw new UsageError("flags", "Expected one of --userinfo and --access-token-file, got both.");
  }
  if (path !== undefined) {
    return readInput(path, "a token", io, true);
  }
  io.stderr(
    "Warning: a token given as argument can be read by other users of this machine and stays in the shell's history. Prefer --file, or - for standard input.\n",
  );
  return argument ?? "";
}

function userInfoOf(answer: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(answer);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Said below, without the parser's piece of the input.
  }
  throw new UsageError("unusable_input", "Expected a JSON object from --userinfo, got something else.");
}
