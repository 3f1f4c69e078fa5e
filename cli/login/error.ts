import { GatehouseError } from "../../model";

/** Why a sign-in gave no token. A closed union; docs/errors.md lists it. */
export const loginCodes = {
  no_answer: "Nobody came back from the identity provider in time.",
  port_in_use: "Another program listens at the diagnostic redirect.",
  provider_unreachable: "The identity provider's discovery document or token endpoint gave no usable answer.",
  sign_in_refused: "The identity provider sent the person back with an error.",
  client_refused: "The token endpoint refused the client: its secret, or the kind of client.",
  code_refused: "The token endpoint refused the authorization code.",
  no_id_token: "The token endpoint's answer holds no ID token.",
} as const;
export type LoginCode = keyof typeof loginCodes;

/** A refusal is a decision of the identity provider; everything else decides nothing. */
const refusals: readonly LoginCode[] = ["sign_in_refused", "client_refused", "code_refused"];

/** Thrown when `gatehouse login` got no token to judge. Its message ends with the remedy, and holds neither code nor token. */
export class LoginError extends GatehouseError<LoginCode> {
  override readonly name = "LoginError";
  constructor(code: LoginCode, message: string, options?: ErrorOptions) {
    super(code, refusals.includes(code) ? "refused" : "unavailable", message, options);
  }
}
