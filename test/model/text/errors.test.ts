import fs from "node:fs";
import path from "node:path";
import { EngineError, UsageError } from "../../../cli/errors";
import { LoginError } from "../../../cli/login/error";
import { StackFileEditError } from "../../../cli/yaml-edit";
import { failureExits, GatehouseError, InvalidDocumentError, InvalidEnvironmentError } from "../../../model";
import { MalformedExceptionError } from "../../../policies/exceptions";
import { RenderError } from "../../../policies/reading/render";
import { MalformedSettingError } from "../../../policies/rule";
import { DiscoveryError, PlatformChoiceError, TokenNotForPlatformError, TokenRejectedError } from "../../../verifier/errors";

const cause = new Error("because");
const problem = { path: ["idp", "kind"], expected: "okta", received: '"okto"' };

test.each<[string, GatehouseError, string, string]>([
  ["InvalidEnvironmentError", new InvalidEnvironmentError([problem]), "invalid_environment", "refused"],
  ["InvalidDocumentError", new InvalidDocumentError("damaged", "words", { cause }), "damaged", "refused"],
  ["TokenRejectedError", new TokenRejectedError("expired", "words"), "expired", "refused"],
  ["TokenNotForPlatformError", new TokenNotForPlatformError("no_grant", "words"), "no_grant", "notForPlatform"],
  ["DiscoveryError", new DiscoveryError("unreachable", "words", { cause }), "unreachable", "unavailable"],
  ["PlatformChoiceError", new PlatformChoiceError("ambiguous_platform", "words"), "ambiguous_platform", "usage"],
  ["UsageError", new UsageError("flags", "words"), "flags", "usage"],
  ["EngineError", new EngineError("engine_failed", "words", { cause }), "engine_failed", "unavailable"],
  ["LoginError", new LoginError("no_answer", "words"), "no_answer", "unavailable"],
  ["LoginError", new LoginError("client_refused", "words", { cause }), "client_refused", "refused"],
  ["StackFileEditError", new StackFileEditError("not_written_out", "words"), "not_written_out", "refused"],
  ["MalformedExceptionError", new MalformedExceptionError(["a fault"]), "malformed_exceptions", "refused"],
  ["MalformedSettingError", new MalformedSettingError("rule", "setting", "a number"), "malformed_setting", "refused"],
  ["RenderError", new RenderError("words"), "chart_not_rendered", "refused"],
])("%s has its name, its code and its exit", (name, error, code, exit) => {
  expect(error).toBeInstanceOf(GatehouseError);
  expect({ name: error.name, code: error.code, exit: error.exit }).toEqual({ name, code, exit });
  expect(failureExits).toContain(error.exit);
});

test("what led to an error is kept, and is not there where nothing did", () => {
  expect(new DiscoveryError("unreachable", "words", { cause }).cause).toBe(cause);
  expect("cause" in new UsageError("flags", "words")).toBe(false);
});

test("no product error has another base", () => {
  const root = path.join(__dirname, "../../..");
  const found = ["cli", "components", "model", "policies", "reports", "stacks", "verifier"].flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts") && !name.includes("node_modules"))
      .filter((name) => /\bextends Error\b/.test(fs.readFileSync(path.join(root, folder, name), "utf8")))
      .map((name) => `${folder}/${name}`),
  );
  expect(found).toEqual(["model/text/errors.ts"]);
});
