/**
 * Okta: an app for each platform (okta-application), the groups of an environment (okta-directory), who is in them (members), how the
 * provider signs in (provider-authentication). What follows from the stack file alone stands in model/identity-providers/okta.
 */
import type { OktaSpec } from "../../../model";
import type { IdentityProviderKind } from "../contract";
import { oktaMembers } from "./members";
import { findUser } from "./okta-directory";
import { setUpOkta } from "./set-up";

export { OktaApplication, type OktaApplicationArgs } from "./okta-application";
export { OktaDirectory, type OktaDirectoryArgs, type OktaGroupArgs } from "./okta-directory";

export const okta: IdentityProviderKind<OktaSpec> = {
  setUp: setUpOkta,
  issuer: {
    setting: "orgUrl",
    fix: ({ orgUrl, authorizationServer }, named) => {
      const origin = URL.canParse(named) ? new URL(named).origin : named;
      if (origin === orgUrl) {
        return "write the id of the authorization server as Okta's admin console shows it";
      }
      const mode =
        authorizationServer === "org"
          ? ""
          : `, or set the issuer mode of authorization server '${authorizationServer.existing}' to Dynamic`;
      return `write ${origin}${mode}`;
    },
  },
  members: oktaMembers,
  person: findUser,
};
