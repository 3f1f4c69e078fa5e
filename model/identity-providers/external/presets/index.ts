/** Vendors whose issuers are known: one file each, data alone. A new one adds its file and its line here. */
import { auth0 } from "./auth0";
import { authentik } from "./authentik";
import { awsIdentityCenter } from "./aws-identity-center";
import { cognito } from "./cognito";
import { dex } from "./dex";
import { duende } from "./duende";
import { gitlab } from "./gitlab";
import { google } from "./google";
import { jumpcloud } from "./jumpcloud";
import { onelogin } from "./onelogin";
import { ping } from "./ping";
import { zitadel } from "./zitadel";
import type { Preset } from "./preset";

export type { Preset } from "./preset";

export const presets = {
  auth0,
  authentik,
  "aws-identity-center": awsIdentityCenter,
  cognito,
  dex,
  duende,
  gitlab,
  google,
  jumpcloud,
  onelogin,
  ping,
  zitadel,
} as const satisfies Readonly<Record<string, Preset>>;

export type PresetName = keyof typeof presets;

export const presetNames = Object.keys(presets) as [PresetName, ...PresetName[]];
