import { oktaRefreshRotation } from "../../../policies/rules/okta-refresh-rotation";
import { okta } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(oktaRefreshRotation, {
  passing: { type: okta.app, props: { grantTypes: ["authorization_code", "refresh_token"], refreshTokenRotation: "ROTATE" } },
  alsoPassing: { "no refresh tokens": { change: { grantTypes: ["authorization_code"], refreshTokenRotation: undefined } } },
  violations: {
    "static tokens": { change: { refreshTokenRotation: "STATIC" }, messages: ['refreshTokenRotation: expected ROTATE, got "STATIC"'] },
    "the default": { change: { refreshTokenRotation: undefined }, messages: ["refreshTokenRotation: expected ROTATE, got nothing"] },
  },
});
